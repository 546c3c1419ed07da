//! What can go wrong, by name, and how often it did.

use std::fmt;

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The relay never hears the request.
    DropRequest,
    /// The relay has done what was asked and the device never hears of it.
    DropResponse,
    /// The relay hears the request twice; its second answer arrives.
    DuplicateRequest,
    /// An earlier request arrives at the relay after later ones.
    LateRequest,
    /// The answer to an earlier request arrives in the place of the right one, which comes after it.
    LateResponse,
    /// The line is cut within the answer.
    CutResponse,
    /// The system ends the app, with or without an exchange under way.
    Restart,
    /// From some write on, no commit of this device succeeds, until the call is over.
    FailedCommit,
    /// The device's clock jumps by ten years, or back.
    ClockJump,
    /// The relay's process ends and starts again.
    RelayRestart,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::DropRequest,
        Self::DropResponse,
        Self::DuplicateRequest,
        Self::LateRequest,
        Self::LateResponse,
        Self::CutResponse,
        Self::Restart,
        Self::FailedCommit,
        Self::ClockJump,
        Self::RelayRestart,
    ];

    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::DropRequest => "drop-request",
            Self::DropResponse => "drop-response",
            Self::DuplicateRequest => "duplicate-request",
            Self::LateRequest => "late-request",
            Self::LateResponse => "late-response",
            Self::CutResponse => "cut-response",
            Self::Restart => "restart",
            Self::FailedCommit => "failed-commit",
            Self::ClockJump => "clock-jump",
            Self::RelayRestart => "relay-restart",
        }
    }
}

/// How often each has happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally([u32; Fault::ALL.len()]);

impl Tally {
    /// It happened.
    pub fn count(&mut self, fault: Fault) {
        self.0[fault as usize] += 1;
    }

    /// How often this one did.
    pub fn of(&self, fault: Fault) -> u32 {
        self.0[fault as usize]
    }

    /// All together.
    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each: Vec<String> =
            Fault::ALL.iter().map(|fault| format!("{} {}", fault.name(), self.of(*fault))).collect();
        write!(f, "faults {} by kind ({})", self.total(), each.join(", "))
    }
}
