//! Why a change is refused.

/// The rule a foreign change broke. Every replica that has the same causal past refuses the same bytes for the same
/// reason, so it can be kept beside them in quarantine. It holds nothing of what the change says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refused {
    /// Longer than [`MAX_CHANGE_BYTES`](super::MAX_CHANGE_BYTES).
    TooLarge,
    /// No automerge chunk, or a document, a compressed change or a bundle: only plain changes come from a peer.
    NotAChange,
    /// The first four bytes of the hash do not match.
    BadChecksum,
    /// The bytes end in the middle of something.
    CutShort,
    /// Bytes are left over: behind the chunk, behind the columns, inside a column or inside a value.
    ExtraBytes,
    /// A number is not in its shortest form, or does not fit.
    BadNumber,
    /// A text is not UTF-8.
    BadText,
    /// The message is longer than [`MAX_MESSAGE_BYTES`](super::MAX_MESSAGE_BYTES).
    MessageTooLong,
    /// The time lies outside ±[`MAX_TIME`](super::MAX_TIME): automerge stores differences of times.
    BadTime,
    /// More dependencies than [`MAX_DEPENDENCIES`](super::MAX_DEPENDENCIES), or not in ascending order, or one twice.
    BadDependencies,
    /// The table of other actors is too long, not in ascending order, names the author or somebody nothing refers to,
    /// or an id is not 16 bytes.
    BadActors,
    /// A column that a change of ours cannot have: unknown, compressed, for marks, or out of order.
    UnknownColumn,
    /// A column is not written the one way automerge writes it, so its hash would change when it is saved.
    NotCanonical,
    /// More operations than [`MAX_OPERATIONS`](super::MAX_OPERATIONS), by the sum of the run lengths.
    TooManyOperations,
    /// More predecessors than [`MAX_PREDECESSORS`](super::MAX_PREDECESSORS), by the sum of the run lengths.
    TooManyPredecessors,
    /// A key is longer than [`MAX_KEY_BYTES`](super::MAX_KEY_BYTES), or all keys, repeated ones counted each time, are
    /// longer than [`MAX_KEYS_BYTES`](super::MAX_KEYS_BYTES).
    KeysTooLong,
    /// The columns describe different numbers of operations.
    UnevenColumns,
    /// An action that is none of make map, set, make list, delete, make text and increment.
    UnknownAction,
    /// A value of a type that is not allowed there, or whose length does not fit its type.
    BadValue,
    /// A counter or a step of one beyond ±[`MAX_COUNTER`](super::MAX_COUNTER): sums of them could overflow.
    BadCounter,
    /// An operation refers to something later than itself, or to something in this change that is not what it takes
    /// it for.
    BadReference,
    /// Objects lie deeper in each other than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// A map is given a position, a list a name, or an inserted element something no insertion has.
    BadKey,
    /// The predecessors are not in ascending order, missing where there must be one, or about another key.
    BadPredecessors,
    /// The operation counter has run past [`MAX_OPERATION_COUNTER`](super::MAX_OPERATION_COUNTER).
    CounterExhausted,
    /// Another author than the entry says.
    WrongActor,
    /// Not the number after the author's previous change.
    WrongSequence,
    /// The author's previous change is not among the dependencies.
    MissingOwnPrevious,
    /// The first operation is not numbered one above the highest of the dependencies.
    WrongStartOperation,
}

impl Refused {
    /// The reason as a short word for the quarantine table and the tests; stable, never shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NotAChange => "not-a-change",
            Self::BadChecksum => "bad-checksum",
            Self::CutShort => "cut-short",
            Self::ExtraBytes => "extra-bytes",
            Self::BadNumber => "bad-number",
            Self::BadText => "bad-text",
            Self::MessageTooLong => "message-too-long",
            Self::BadTime => "bad-time",
            Self::BadDependencies => "bad-dependencies",
            Self::BadActors => "bad-actors",
            Self::UnknownColumn => "unknown-column",
            Self::NotCanonical => "not-canonical",
            Self::TooManyOperations => "too-many-operations",
            Self::TooManyPredecessors => "too-many-predecessors",
            Self::KeysTooLong => "keys-too-long",
            Self::UnevenColumns => "uneven-columns",
            Self::UnknownAction => "unknown-action",
            Self::BadValue => "bad-value",
            Self::BadCounter => "bad-counter",
            Self::BadReference => "bad-reference",
            Self::TooDeep => "too-deep",
            Self::BadKey => "bad-key",
            Self::BadPredecessors => "bad-predecessors",
            Self::CounterExhausted => "counter-exhausted",
            Self::WrongActor => "wrong-actor",
            Self::WrongSequence => "wrong-sequence",
            Self::MissingOwnPrevious => "missing-own-previous",
            Self::WrongStartOperation => "wrong-start-operation",
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for Refused {}
