// Routes that the shim answers without the core, as paths of the OpenAPI document: who is signed in
// is proved there and decided nowhere else.
#pragma once

#include <string_view>

namespace slipway::emit {

/// `/me/session`, as JSON; references are to the components of the document.
inline constexpr std::string_view session_route = R"({
  "get": {
    "operationId": "session_read",
    "summary": "Whether somebody is signed in, else where one signs in",
    "x-scope": "open",
    "security": [],
    "responses": {
      "200": {
        "description": "OK",
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {"application/json": {"schema": {
          "type": "object",
          "required": ["signedIn"],
          "properties": {
            "signedIn": {"type": "boolean"},
            "user": {"type": "string", "description": "who"},
            "expiresAt": {"type": "string", "description": "RFC 3339, UTC"},
            "signInUrl": {"type": ["string", "null"],
                          "description": "with {return} where the way back belongs"}
          }
        }}}
      },
      "default": {"$ref": "#/components/responses/Problem"}
    }
  },
  "post": {
    "operationId": "session_begin",
    "summary": "Exchange the bearer token of a person for a cookie",
    "x-scope": "open",
    "security": [{"bearer": []}],
    "responses": {
      "200": {
        "description": "OK",
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {"application/json": {"schema": {
          "type": "object",
          "required": ["signedIn", "user", "expiresAt"],
          "properties": {
            "signedIn": {"type": "boolean"},
            "user": {"type": "string", "description": "who"},
            "expiresAt": {"type": "string", "description": "RFC 3339, UTC"}
          }
        }}}
      },
      "401": {"$ref": "#/components/responses/Unauthenticated"},
      "403": {"$ref": "#/components/responses/Forbidden"},
      "default": {"$ref": "#/components/responses/Problem"}
    }
  },
  "delete": {
    "operationId": "session_end",
    "summary": "Sign this browser out",
    "x-scope": "open",
    "security": [],
    "responses": {
      "204": {
        "description": "No content",
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
      },
      "403": {"$ref": "#/components/responses/Forbidden"},
      "default": {"$ref": "#/components/responses/Problem"}
    }
  }
})";

}  // namespace slipway::emit
