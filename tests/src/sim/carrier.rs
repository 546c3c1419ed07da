//! The line between a device and a relay, and everything that can happen on it.

use super::Fault;
use super::site::Site;
use super::world::World;
use rafiq::Error;
use rafiq::sync::{Budget, Received};

/// How often something goes wrong on the line, once in so many requests; and how often with the device's disk meanwhile.
const TROUBLE: usize = 2;
const DISK_TROUBLE: usize = 8;
const ON_THE_LINE: [Fault; 9] = [
    Fault::DropRequest,
    Fault::DropResponse,
    Fault::CutRequest,
    Fault::CutResponse,
    Fault::DuplicateRequest,
    Fault::LateRequest,
    Fault::LateResponse,
    Fault::Reordered,
    Fault::Restart,
];
/// A device that still wants to go on after so many requests is going in circles.
const MOST_REQUESTS: usize = 200;
/// Answers and requests that the line holds back for one device.
const HELD_BACK: usize = 6;

/// A request that somebody carries by hand, later its answer.
pub(super) struct Parcel {
    who: usize,
    site: usize,
    request: Vec<u8>,
    answer: Option<Vec<u8>>,
}

impl World {
    /// One device exchanges with each of its relays until nothing is left to do, or until the line or its disk fails it.
    pub(super) fn exchange(&mut self, who: usize) -> Vec<Received> {
        let known = self.devices[who].rafiq().sync().relays().unwrap();
        let sites = (0..self.sites.len()).filter(|site| known.contains(&self.sites[*site].url));
        let mut all = Vec::new();
        for site in sites.collect::<Vec<_>>() {
            all.extend(self.exchange_with(who, site));
        }
        all
    }

    fn exchange_with(&mut self, who: usize, site: usize) -> Vec<Received> {
        let mut all = Vec::new();
        for _ in 0..MOST_REQUESTS {
            let Some(received) = self.round_trip(who, site) else { return all };
            let again = received.again;
            all.push(received);
            if !again {
                return all;
            }
        }
        panic!("{} does not come to an end", self.devices[who].name);
    }

    fn round_trip(&mut self, who: usize, site: usize) -> Option<Received> {
        if self.chaos && self.rng.once_in(DISK_TROUBLE) {
            self.devices[who].arm(&mut self.rng, 40);
        }
        let small = self.rng.once_in(4);
        let mut budget = Budget::default();
        if small {
            budget.bytes = 1;
        }
        // While nothing heals, some lines cost by the byte: what is large waits for another.
        budget.metered = self.chaos && self.rng.once_in(3);
        let asked = self.devices[who].rafiq().sync().next_exchange(&self.sites[site].url, budget);
        let request = match asked {
            Ok(exchange) => exchange.bytes,
            Err(error) => {
                self.over(who, "next_exchange", Some(&error));
                return None;
            }
        };
        let fault = (self.chaos && self.rng.once_in(TROUBLE)).then(|| *self.rng.pick(&ON_THE_LINE));
        let Some(answer) = self.carry(who, site, &request, fault) else {
            self.over(who, "nothing came", None);
            return None;
        };
        match self.devices[who].rafiq().receive(&answer) {
            Ok(received) => {
                self.note(&format!("{} {} {received:?}", self.devices[who].name, request.len()));
                self.count_items(&received);
                self.over(who, "receive", None);
                if self.chaos && self.rng.once_in(3) {
                    self.hold_back(who, None, Some(answer)); // the network has a copy
                }
                Some(received)
            }
            Err(error) => {
                self.over(who, "receive", Some(&error));
                None
            }
        }
    }

    /// The end of a call, good or bad. The only errors that an exchange may give us are those of a disk that we have broken.
    pub(super) fn over(&mut self, who: usize, call: &str, error: Option<&Error>) {
        let device = &mut self.devices[who];
        if let Some(fault) = device.mend(call, error) {
            self.faults.count(fault);
        }
        device.look_past();
        self.note(&format!("{} {call} {error:?}", self.devices[who].name));
    }

    fn carry(&mut self, who: usize, site: usize, request: &[u8], fault: Option<Fault>) -> Option<Vec<u8>> {
        let Some(fault) = fault else { return Some(self.ask(site, request)) };
        match fault {
            Fault::DropRequest => {
                self.faults.count(fault);
                self.hold_back(who, Some((site, request.to_vec())), None);
                None
            }
            Fault::DropResponse => {
                self.faults.count(fault);
                let answer = self.ask(site, request);
                self.hold_back(who, None, Some(answer));
                None
            }
            Fault::CutRequest => {
                self.faults.count(fault);
                let cut = self.rng.below(request.len());
                assert!(self.sites[site].ask(&request[..cut]).is_none(), "{cut} of {} bytes", request.len());
                None
            }
            Fault::CutResponse => {
                self.faults.count(fault);
                let answer = self.ask(site, request);
                let cut = self.rng.below(answer.len());
                let refused = self.devices[who].rafiq().receive(&answer[..cut]).err();
                assert_eq!(refused, Some(Error::invalid("response", "format")), "{cut} of {} bytes", answer.len());
                None
            }
            Fault::DuplicateRequest => {
                self.faults.count(fault);
                self.ask(site, request);
                Some(self.ask(site, request))
            }
            Fault::LateRequest => {
                if let Some((site, old)) = self.late(who, |device| &mut device.late_requests) {
                    self.faults.count(fault);
                    self.ask(site, &old);
                }
                Some(self.ask(site, request))
            }
            Fault::LateResponse => {
                let answer = self.ask(site, request);
                if let Some(old) = self.late(who, |device| &mut device.late_answers)
                    && rafiq_protocol::Response::decode(&old).unwrap().request != rafiq_protocol::request_id(request)
                {
                    self.faults.count(fault);
                    let refused = self.devices[who].rafiq().receive(&old).err();
                    assert_eq!(refused, Some(unexpected()), "an answer to something else");
                }
                Some(answer)
            }
            Fault::Reordered => {
                let answer = self.ask(site, request);
                let (answer, moved) = Site::reorder(answer, &mut self.rng);
                if moved {
                    self.faults.count(fault);
                }
                Some(answer)
            }
            Fault::Restart => {
                self.faults.count(fault);
                if self.rng.once_in(2) {
                    let answer = self.ask(site, request);
                    self.hold_back(who, None, Some(answer));
                }
                self.devices[who].restart();
                None
            }
            _ => unreachable!("not on the line"),
        }
    }

    /// What a relay answers to a whole request; one that withholds leaves some of it out.
    pub(super) fn ask(&mut self, site: usize, request: &[u8]) -> Vec<u8> {
        let answer = self.sites[site].ask(request).unwrap();
        if !self.chaos || !self.sites[site].withholds {
            return answer;
        }
        let (answer, missing) = Site::keep_back(request, answer, &self.tags, &mut self.rng);
        if missing > 0 {
            self.faults.count(Fault::Withheld);
        }
        answer
    }

    /// A day without a line: somebody who walks to where there is one takes the request along.
    pub(super) fn give_to_courier(&mut self, who: usize) {
        if !self.chaos || self.waits_for_courier(who) {
            return;
        }
        let known = self.devices[who].rafiq().sync().relays().unwrap();
        let Some(site) = self.sites.iter().position(|site| known.contains(&site.url)) else { return };
        let asked = self.devices[who].rafiq().sync().next_exchange(&self.sites[site].url, Budget::default()).unwrap();
        self.parcels.push(Parcel { who, site, request: asked.bytes, answer: None });
    }

    pub(super) fn waits_for_courier(&self, who: usize) -> bool {
        self.parcels.iter().any(|parcel| parcel.who == who)
    }

    /// The courier is on the way, or is back. Meanwhile the device may have asked by itself: then the answer is to nothing.
    pub(super) fn meet_courier(&mut self, who: usize) {
        let Some(place) = self.parcels.iter().position(|parcel| parcel.who == who) else { return };
        if self.rng.once_in(3) {
            return;
        }
        let mut parcel = self.parcels.swap_remove(place);
        let Some(answer) = parcel.answer.take() else {
            parcel.answer = Some(self.ask(parcel.site, &parcel.request));
            return self.parcels.push(parcel);
        };
        match self.devices[who].rafiq().receive(&answer) {
            Ok(received) => {
                self.faults.count(Fault::ByCourier);
                self.count_items(&received);
                self.devices[who].look_past();
            }
            Err(error) => assert_eq!(error, unexpected(), "{}: from a courier", self.devices[who].name),
        }
    }

    fn hold_back(&mut self, who: usize, request: Option<(usize, Vec<u8>)>, answer: Option<Vec<u8>>) {
        let device = &mut self.devices[who];
        device.late_requests.extend(request);
        device.late_answers.extend(answer);
        let surplus = device.late_requests.len().saturating_sub(HELD_BACK);
        device.late_requests.drain(..surplus);
        let surplus = device.late_answers.len().saturating_sub(HELD_BACK);
        device.late_answers.drain(..surplus);
    }

    fn late<T>(&mut self, who: usize, of: fn(&mut super::device::Device) -> &mut Vec<T>) -> Option<T> {
        let held = of(&mut self.devices[who]);
        if held.is_empty() { None } else { Some(held.remove(self.rng.below(held.len()))) }
    }

    fn count_items(&mut self, received: &Received) {
        self.waited += received.delivered.iter().filter(|word| **word == "waiting").count();
    }
}

/// What a device says to an answer when it has asked nothing, or something else since.
fn unexpected() -> Error {
    Error::invalid("response", "unexpected")
}
