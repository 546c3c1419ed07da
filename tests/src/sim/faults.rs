//! What can go wrong, by name, and how often it did.

use std::fmt;

macro_rules! faults {
    ($($(#[doc = $what:literal])+ $fault:ident = $name:literal,)+) => {
        /// One thing that goes wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[doc = $what])+ $fault,)+
        }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$fault),+];

            /// As it is printed.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$fault => $name),+ }
            }
        }
    };
}

faults! {
    /// The relay never hears the request.
    DropRequest = "drop-request",
    /// The relay has done what was asked and the device never hears of it.
    DropResponse = "drop-response",
    /// The line is cut within the request.
    CutRequest = "cut-request",
    /// The line is cut within the answer.
    CutResponse = "cut-response",
    /// The relay hears the request twice; its second answer arrives.
    DuplicateRequest = "duplicate-request",
    /// An earlier request arrives at the relay after later ones.
    LateRequest = "late-request",
    /// The answer to an earlier request arrives in the place of the right one, which comes after it.
    LateResponse = "late-response",
    /// The envelopes of an answer arrive in another order.
    Reordered = "reordered",
    /// A courier takes the request along and brings the answer days later.
    ByCourier = "by-courier",
    /// The system ends the app between two calls, with or without an exchange under way.
    Restart = "restart",
    /// The process, or the phone's power, ends in the middle of a call.
    Killed = "killed",
    /// From some write on, no commit of this device succeeds, until the call is over.
    FailedCommit = "failed-commit",
    /// From some write on, the disk has no room, until the call is over.
    DiskFull = "disk-full",
    /// The device's clock jumps by ten years, or back.
    ClockJump = "clock-jump",
    /// The device's store is put back to a copy of some days before.
    RestoredBackup = "restored-backup",
    /// The relay's process ends and starts again.
    RelayRestart = "relay-restart",
    /// The relay is put back to a backup of some days before, and its operator says so.
    RelayRestored = "relay-restored",
    /// The relay keeps envelopes back and says that there is nothing more.
    Withheld = "withheld",
    /// A member signs two entries in one place, each as good as the other.
    Fork = "fork",
    /// A member sends what no honest device would.
    Byzantine = "byzantine",
    /// A card goes from phone to phone, perhaps cut or damaged, and perhaps read twice.
    Bundle = "bundle",
    /// A steward's phone tells a space again from its beginning, in the middle of everything.
    Pack = "pack",
    /// A steward takes somebody out who does not know of it yet and goes on writing.
    Removal = "removal",
    /// Somebody leaves.
    Leave = "leave",
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

    /// What happened in another world too.
    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(ours, theirs)| *ours += theirs);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = Fault::ALL.iter().map(|fault| format!("{} {}", fault.name(), self.of(*fault)));
        write!(f, "faults {} by kind ({})", self.total(), each.collect::<Vec<_>>().join(", "))
    }
}
