//! What a client knows, as plain structs.
