//! One write after another, of every kind, each reported only when the call has said that it is on disk.

use crate::faults::Dice;
use crate::phone::{HandClock, post};
use rafiq::check_ins::{ContactWish, Feeling, NewCheckIn, Share};
use rafiq::groups::{Modality, NewSession, SupportGroupId};
use rafiq::mentoring::{Meeting, Milestone, PairingId};
use rafiq::people::NewMe;
use rafiq::sync::Budget;
use rafiq::{Rafiq, Result};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A write that was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Done {
    /// A check-in with its note's beginning: `private`, `shared`, or `today` with an alert.
    CheckIn(String),
    /// A goal.
    Goal(String),
    /// A milestone.
    Milestone(String),
    /// A session of the group.
    Session(String),
    /// The next meeting's time; later ones are later.
    Meeting(i64),
    /// The n-th name of the person; it stands in several documents.
    Name(i64),
    /// So many entries of ours are signed: they may have left.
    Signed(i64),
    /// The relay has acknowledged all of the above that is shared.
    Stored,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CheckIn(id) => write!(f, "check-in {id}"),
            Self::Goal(id) => write!(f, "goal {id}"),
            Self::Milestone(id) => write!(f, "milestone {id}"),
            Self::Session(id) => write!(f, "session {id}"),
            Self::Meeting(at) => write!(f, "meeting {at}"),
            Self::Name(number) => write!(f, "name {number}"),
            Self::Signed(count) => write!(f, "signed {count}"),
            Self::Stored => f.write_str("stored -"),
        }
    }
}

impl Done {
    /// Reads a line of the child's.
    pub fn parse(line: &str) -> Option<Self> {
        let (what, which) = line.split_once(' ')?;
        Some(match what {
            "check-in" => Self::CheckIn(which.into()),
            "goal" => Self::Goal(which.into()),
            "milestone" => Self::Milestone(which.into()),
            "session" => Self::Session(which.into()),
            "meeting" => Self::Meeting(which.parse().ok()?),
            "name" => Self::Name(which.parse().ok()?),
            "signed" => Self::Signed(which.parse().ok()?),
            "stored" => Self::Stored,
            _ => return None,
        })
    }
}

/// Somebody at work in their profile.
pub struct Work {
    /// Their pairing.
    pub pairing: PairingId,
    /// A group of theirs.
    pub group: SupportGroupId,
    /// The relay's address.
    pub relay: String,
    /// Whether there is somebody at that address.
    pub online: bool,
    /// The phone's clock; each write takes a second.
    pub clock: Arc<HandClock>,
    /// What they do next.
    pub dice: Dice,
}

impl Work {
    /// The next write. `Ok(None)` if it was one that acknowledges nothing.
    pub fn step(&mut self, rafiq: &Rafiq) -> Result<Option<Done>> {
        let now = self.clock.0.fetch_add(1_000, Ordering::Relaxed) + 1_000;
        match self.dice.below(100) {
            0..25 => {
                let goal = rafiq.mentoring().add_goal(&self.pairing, &format!("goal {now}"))?;
                Ok(Some(Done::Goal(goal.id.value)))
            }
            25..45 => self.check_in(rafiq, "private", Share::Private, ContactWish::No),
            45..60 if !self.online => self.check_in(rafiq, "shared", self.shared(), ContactWish::No),
            45..55 => self.check_in(rafiq, "shared", self.shared(), ContactWish::No),
            // Without the other there is nobody who would hear of it.
            55..60 if self.online => self.check_in(rafiq, "today", self.shared(), ContactWish::Today),
            60..70 => {
                let text = Milestone::Own { text: format!("a small victory at {now}") };
                Ok(Some(Done::Milestone(rafiq.mentoring().reach_milestone(&self.pairing, text)?.id)))
            }
            70..78 => {
                let meeting = Meeting { starts_at_ms: now, zone: "Europe/Vienna".into(), place: "x".repeat(150) };
                rafiq.mentoring().set_next_meeting(&self.pairing, meeting)?;
                Ok(Some(Done::Meeting(now)))
            }
            78..83 => {
                rafiq.people().set_me(NewMe { name: format!("Name {now}"), language: "prs".into(), calendar: None })?;
                Ok(Some(Done::Name(now)))
            }
            83..91 => {
                let new = NewSession {
                    starts_at_ms: now,
                    zone: "Europe/Vienna".into(),
                    place: String::new(),
                    modality: Modality::InPerson,
                };
                Ok(Some(Done::Session(rafiq.groups().schedule_session(&self.group, new)?.id.value)))
            }
            91..93 => {
                rafiq.suspend()?;
                rafiq.resume()?;
                Ok(None)
            }
            _ if self.online => self.exchange(rafiq),
            _ => {
                rafiq.sync().next_exchange(&self.relay, Budget::default())?;
                Ok(Some(Done::Signed(signed(rafiq)?)))
            }
        }
    }

    fn shared(&self) -> Share {
        Share::Pairing { pairing: self.pairing.value.clone() }
    }

    fn check_in(&self, rafiq: &Rafiq, note: &str, share: Share, contact: ContactWish) -> Result<Option<Done>> {
        let new = NewCheckIn { feeling: Feeling::SoSo, helps: vec![], contact, share, note: note.into() };
        Ok(Some(Done::CheckIn(format!("{note}/{}", rafiq.check_ins().record(new)?.id.value))))
    }

    fn exchange(&self, rafiq: &Rafiq) -> Result<Option<Done>> {
        rafiq.exchange(&self.relay, Budget::default(), 4, |exchange| post(&exchange.relay, &exchange.bytes))?;
        let status = rafiq.sync().status()?;
        Ok((status.outbox == 0 && status.unsent_changes == 0).then_some(Done::Stored))
    }
}

/// How many entries this profile has signed.
pub(super) fn signed(rafiq: &Rafiq) -> Result<i64> {
    rafiq.replica().read(|rows| Ok(rows.query_row("SELECT count(*) FROM entry WHERE own = 1", [], |row| row.get(0))?))
}
