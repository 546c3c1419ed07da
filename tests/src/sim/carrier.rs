//! The line between a device and the relay, and everything that can happen on it.

use super::Fault;
use super::world::World;
use rafiq::Error;
use rafiq::sync::{Budget, Received};

/// How often something goes wrong on the line, once in so many requests.
const TROUBLE: usize = 2;
const ON_THE_LINE: [Fault; 7] = [
    Fault::DropRequest,
    Fault::DropResponse,
    Fault::DuplicateRequest,
    Fault::LateRequest,
    Fault::LateResponse,
    Fault::CutResponse,
    Fault::Restart,
];
/// A device that still wants to go on after so many requests is going in circles.
const MOST_REQUESTS: usize = 40;
/// Answers and requests that the line holds back for one device.
const HELD_BACK: usize = 6;

impl World {
    /// One device exchanges with the relay until nothing is left to do, or until the line or its disk fails it.
    pub(super) fn exchange(&mut self, who: usize) -> Vec<Received> {
        let mut all = Vec::new();
        for _ in 0..MOST_REQUESTS {
            match self.round_trip(who) {
                Some(received) => {
                    let again = received.again;
                    all.push(received);
                    if !again {
                        return all;
                    }
                }
                None => return all,
            }
        }
        panic!("{} does not come to an end", self.devices[who].name);
    }

    fn round_trip(&mut self, who: usize) -> Option<Received> {
        if self.chaos && self.rng.once_in(12) {
            let writes = self.rng.below(40);
            self.devices[who].fail_commits_after(writes);
        }
        let small = self.rng.once_in(4);
        let budget = if small { Budget { bytes: 1 } } else { Budget::default() };
        let asked = self.devices[who].rafiq().sync().next_exchange(self.url(), budget);
        let request = match asked {
            Ok(exchange) => exchange.bytes,
            Err(error) => return self.disk_failed(who, "next_exchange", &error),
        };
        let fault = (self.chaos && self.rng.once_in(TROUBLE)).then(|| *self.rng.pick(&ON_THE_LINE));
        let Some(answer) = self.carry(who, &request, fault) else {
            self.devices[who].mend_commits();
            self.note(&format!("{} nothing came", self.devices[who].name));
            return None;
        };
        match self.devices[who].rafiq().receive(&answer) {
            Ok(received) => {
                self.note(&format!("{} {} {received:?}", self.devices[who].name, request.len()));
                self.devices[who].mend_commits();
                self.devices[who].look_past();
                if self.chaos && self.rng.once_in(3) {
                    self.hold_back(who, None, Some(answer)); // the network has a copy
                }
                Some(received)
            }
            Err(error) => self.disk_failed(who, "receive", &error),
        }
    }

    fn carry(&mut self, who: usize, request: &[u8], fault: Option<Fault>) -> Option<Vec<u8>> {
        let Some(fault) = fault else { return Some(self.ask(request)) };
        match fault {
            Fault::DropRequest => {
                self.faults.count(fault);
                self.hold_back(who, Some(request.to_vec()), None);
                None
            }
            Fault::DropResponse => {
                self.faults.count(fault);
                let answer = self.ask(request);
                self.hold_back(who, None, Some(answer));
                None
            }
            Fault::DuplicateRequest => {
                self.faults.count(fault);
                self.ask(request);
                Some(self.ask(request))
            }
            Fault::LateRequest => {
                if let Some(old) = self.late(who, |device| &mut device.late_requests) {
                    self.faults.count(fault);
                    self.ask(&old);
                }
                Some(self.ask(request))
            }
            Fault::LateResponse => {
                let answer = self.ask(request);
                if let Some(old) = self.late(who, |device| &mut device.late_answers)
                    && rafiq_protocol::Response::decode(&old).unwrap().request != rafiq_protocol::request_id(request)
                {
                    self.faults.count(fault);
                    let refused = self.devices[who].rafiq().receive(&old).err();
                    assert_eq!(refused, Some(Error::invalid("response", "unexpected")), "an answer to something else");
                }
                Some(answer)
            }
            Fault::CutResponse => {
                self.faults.count(fault);
                let answer = self.ask(request);
                let cut = self.rng.below(answer.len());
                let refused = self.devices[who].rafiq().receive(&answer[..cut]).err();
                assert_eq!(refused, Some(Error::invalid("response", "format")), "{cut} of {} bytes", answer.len());
                None
            }
            Fault::Restart => {
                self.faults.count(fault);
                if self.rng.once_in(2) {
                    let answer = self.ask(request);
                    self.hold_back(who, None, Some(answer));
                }
                self.devices[who].restart();
                self.devices[who].look_past();
                None
            }
            Fault::FailedCommit | Fault::ClockJump | Fault::RelayRestart => unreachable!("not on the line"),
        }
    }

    fn ask(&mut self, request: &[u8]) -> Vec<u8> {
        self.relay().answer(request).unwrap()
    }

    fn hold_back(&mut self, who: usize, request: Option<Vec<u8>>, answer: Option<Vec<u8>>) {
        let device = &mut self.devices[who];
        device.late_requests.extend(request);
        device.late_answers.extend(answer);
        let surplus = device.late_requests.len().saturating_sub(HELD_BACK);
        device.late_requests.drain(..surplus);
        let surplus = device.late_answers.len().saturating_sub(HELD_BACK);
        device.late_answers.drain(..surplus);
    }

    fn late(&mut self, who: usize, of: fn(&mut super::device::Device) -> &mut Vec<Vec<u8>>) -> Option<Vec<u8>> {
        let held = of(&mut self.devices[who]);
        if held.is_empty() { None } else { Some(held.remove(self.rng.below(held.len()))) }
    }

    /// The only errors that an exchange may give us are those of a disk that we have broken.
    fn disk_failed(&mut self, who: usize, call: &str, error: &Error) -> Option<Received> {
        let device = &mut self.devices[who];
        assert!(device.armed && *error == no_commit(), "{}: {call}: {error:?}", device.name);
        device.mend_commits();
        device.look_past();
        self.faults.count(Fault::FailedCommit);
        self.note(&format!("{} {call} {error:?}", self.devices[who].name));
        None
    }
}

/// What a commit answers that [`super::device::Device::fail_commits_after`] makes fail: SQLite's 787, a foreign key.
pub(super) fn no_commit() -> Error {
    Error::bug("sqlite 787")
}
