"""Which kinds of refusal are there?

Status and sentences of each stand in ``api/problems.csv`` under the same key.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Key of a row of ``api/problems.csv``."""

    BAD_REQUEST = "bad_request"
    BAD_PARAMETER = "bad_parameter"
    UNKNOWN_PARAMETER = "unknown_parameter"
    REPEATED_PARAMETER = "repeated_parameter"
    BAD_BBOX = "bad_bbox"
    BAD_CRS = "bad_crs"
    BAD_CURSOR = "bad_cursor"
    BAD_FILTER = "bad_filter"
    BAD_JSON = "bad_json"
    DEEP_JSON = "deep_json"
    NO_KEY = "no_key"
    BAD_MATCH = "bad_match"
    LOGIN_NEEDED = "login_needed"
    CROSS_ORIGIN = "cross_origin"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    TOO_SLOW = "too_slow"
    CONFLICT = "conflict"
    STALE = "stale"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    NOT_FORM = "not_form"
    NOT_PHOTO = "not_photo"
    NOT_TAKEN = "not_taken"
    BAD_RANGE = "bad_range"
    WRONG_HASH = "wrong_hash"
    INVALID = "invalid"
    INVALID_CODE = "invalid_code"
    NUL_CHARACTER = "nul_character"
    OTHER_CONTENT = "other_content"
    MATCH_NEEDED = "match_needed"
    TOO_MANY = "too_many"
    SERVER_ERROR = "server_error"
    BUSY = "busy"
    STORE_FAULT = "store_fault"
    NOT_COMPUTED = "not_computed"
    STORE_FULL = "store_full"
