//! core/protocol
