"""Plays a scenario: play.py SCENARIO FOLDER PLAYER, with the relay's address in RAFIQ_RELAY_URL. See tests/scenarios/field-day.json."""

import json
import os
import pathlib
import sys

import rafiq

MASK = (1 << 64) - 1
FEELINGS = dict(zip(["very-hard", "hard", "so-so", "good", "very-good"], rafiq.Feeling))
HELPS = dict(zip(["emotional", "practical", "companionship", "information"], rafiq.HelpKind))
WISHES = dict(zip(["no", "this-week", "today"], rafiq.ContactWish))
CONTACTS = dict(zip(["visit", "call", "message", "accompaniment"], rafiq.ContactKind))
MODALITIES = dict(zip(["in-person", "remote", "hybrid"], rafiq.Modality))
PRESENCES = dict(zip(["came", "late", "excused", "missed"], rafiq.Presence))


class SeededRandom(rafiq.HostRandom):
    def __init__(self, seed):
        self.state = 0xCBF29CE484222325
        for byte in seed.encode():
            self.state = (self.state ^ byte) * 0x100000001B3 & MASK

    def bytes(self, count):
        drawn = b""
        while len(drawn) < count:
            self.state = self.state + 0x9E3779B97F4A7C15 & MASK
            z = self.state
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
            z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
            drawn += (z ^ z >> 31).to_bytes(8, "little")
        return drawn[:count]


class SetClock(rafiq.HostClock):
    def __init__(self, now):
        self.now = now

    def now_ms(self):
        return self.now


def error_text(error):
    """The variant and its words: `Invalid share needs-someone`."""
    return " ".join([type(error).__name__, *(str(getattr(error, name)) for name in ("field", "reason", "purpose", "role")
                                             if hasattr(error, name))])


class Actor:
    def __init__(self, name, folder, seed, clock, relay):
        self.folder, self.clock, self.relay, self.language = folder / name, clock, relay, "en"
        self.random = SeededRandom(f"{seed}/{name}")
        self.rafiq = None

    def names(self, space):
        return {person.name: person.id for person in self.rafiq.people.list(space)}

    def open(self, a):
        self.folder.mkdir(parents=True)
        self.language = a["language"]
        self.rafiq = rafiq.open(self.folder, clock=self.clock, random=self.random)
        me = self.rafiq.people.set_me(rafiq.NewMe(name=a["name"], language=a["language"], calendar=a.get("calendar")))
        return {"name": me.name, "calendar": me.calendar}

    def close(self, _):
        self.rafiq.close()

    def set_relay(self, _):
        self.rafiq.sync.set_home_relay(self.relay)

    def found_group(self, a):
        group = self.rafiq.groups.found(
            rafiq.NewGroup(name=a["name"], language=a["language"], capacity=a["capacity"], place=a["place"]))
        return {"group": group.id.value, "people": group.people}

    def begin_pairing(self, a):
        new = rafiq.NewPairing(model=a["model"], my_role=a["role"], title=a["title"])
        pairing = self.rafiq.mentoring.begin(new)
        return {"pairing": pairing.id.value, "role": pairing.my_role}

    def take_role(self, a):
        return {"role": self.rafiq.mentoring.take_role(rafiq.PairingId(value=a["pairing"]), a["role"]).my_role}

    def invite(self, a):
        return {"text": self.rafiq.sharing.invite(a["space"], rafiq.Reach.REMOTE).text}

    def accept(self, a):
        return {"needs-confirmation": self.rafiq.sharing.accept(a["text"]).needs_confirmation}

    def admit_all(self, _):
        requests = self.rafiq.sharing.requests()
        for request in requests:
            self.rafiq.sharing.admit(request.id)
        return {"names": sorted(request.name for request in requests)}

    def exchange(self, _):
        answers = self.rafiq.exchange(self.relay)
        delivered = [item for answer in answers for item in answer.delivered]
        return {
            "rounds": len(answers), "delivered": delivered, "first": delivered[0] if delivered else "",
            "stored": sum(answer.stored for answer in answers), "joined": sum(len(answer.joined) for answer in answers),
        }

    def people(self, a):
        return {"names": sorted(self.names(a["space"]))}

    def pairing(self, a):
        found = self.rafiq.mentoring.get(rafiq.PairingId(value=a["pairing"]))
        next_meeting = found.next_meeting
        kept = [next_meeting.value, *next_meeting.others] if next_meeting else []
        return {
            "names": sorted(person.name for person in found.people),
            "roles": sorted(person.role or "" for person in found.people),
            "responder": next((person.name for person in found.people if person.person == found.responder), ""),
            "values": len(kept), "starts": sorted(choice.meeting.starts_at_ms for choice in kept),
            "place": kept[0].meeting.place if kept else "",
        }

    def schedule(self, a):
        session = self.rafiq.groups.schedule_session(rafiq.SupportGroupId(value=a["group"]), rafiq.NewSession(
            starts_at_ms=a["starts-at-ms"], zone=a["zone"], place=a["place"], modality=MODALITIES[a["modality"]]))
        return {"session": session.id.value}

    def sessions(self, a):
        found = self.rafiq.groups.sessions(rafiq.SupportGroupId(value=a["group"]), a["from-ms"], 100).items
        return {"starts": [session.starts_at_ms for session in found], "places": [session.place for session in found]}

    def attendance(self, a):
        session = self.rafiq.groups.session(rafiq.SessionId(value=a["session"]))
        names = self.names(session.group.value)
        self.rafiq.groups.record_attendance(
            session.id, [rafiq.Mark(person=names[name], presence=PRESENCES[mark]) for name, mark in a["marks"].items()])

    def marks(self, a):
        found = self.rafiq.groups.attendance(rafiq.SessionId(value=a["session"]))
        words = {presence: word for word, presence in PRESENCES.items()}
        return {
            "marks": {mark.name: words[mark.presence] for mark in found if mark.presence is not None},
            "others": sum(len(mark.others) for mark in found),
        }

    def meet(self, a, resolve=False):
        pairing = rafiq.PairingId(value=a["pairing"])
        meeting = rafiq.Meeting(starts_at_ms=a["starts-at-ms"], zone=a["zone"], place=a["place"])
        mentoring = self.rafiq.mentoring
        (mentoring.resolve_next_meeting if resolve else mentoring.set_next_meeting)(pairing, meeting)

    def resolve(self, a):
        self.meet(a, resolve=True)

    def check_in(self, a):
        share = rafiq.Share.PRIVATE() if a["share"] == "private" else rafiq.Share.PAIRING(a["share"])
        kept = self.rafiq.check_ins.record(rafiq.NewCheckIn(
            feeling=FEELINGS[a["feeling"]], helps=[HELPS[word] for word in a.get("helps", [])],
            contact=WISHES[a["contact"]], share=share, note=a["note"]))
        return {"note": kept.note}

    def check_ins(self, _):
        found = self.rafiq.check_ins.list(rafiq.CheckInFilter(), 100).items
        return {"notes": sorted(check_in.note for check_in in found)}

    def goal(self, a):
        return {"text": self.rafiq.mentoring.add_goal(rafiq.PairingId(value=a["pairing"]), a["text"]).text}

    def goals(self, a):
        return {"texts": sorted(goal.text for goal in self.rafiq.mentoring.goals(rafiq.PairingId(value=a["pairing"])))}

    def milestone(self, a):
        milestone = rafiq.Milestone.OWN(a["own"]) if "own" in a else rafiq.Milestone.CATALOGUE(a["catalogue"])
        self.rafiq.mentoring.reach_milestone(rafiq.PairingId(value=a["pairing"]), milestone)

    def milestones(self, a):
        found = [reached.milestone for reached in self.rafiq.mentoring.milestones(rafiq.PairingId(value=a["pairing"]))]
        return {"reached": sorted(milestone.text if milestone.is_OWN() else milestone.id for milestone in found)}

    def contact(self, a):
        self.rafiq.mentoring.log_contact(rafiq.PairingId(value=a["pairing"]), rafiq.NewContact(
            kind=CONTACTS[a["kind"]], help=HELPS[a["help"]], at_ms=self.clock.now))

    def alerts(self, _):
        found = self.rafiq.safety.alerts()
        return {"names": [alert.name for alert in found], "kinds": [alert.kind for alert in found],
                "confirmed": [alert.confirmed for alert in found]}

    def settle_alerts(self, _):
        found = self.rafiq.safety.alerts()
        for alert in found:
            self.rafiq.safety.settle(alert.id)
        return {"settled": len(found)}

    def due(self, a):
        kinds = [item.kind for item in self.rafiq.today.list(self.clock.now, a["zone"])]
        first = [kind.name.lower() for kind in kinds if kind in (rafiq.DueKind.ALERT, rafiq.DueKind.CONFLICT)]
        return {"kinds": first}

    def status(self, _):
        status = self.rafiq.sync.status()
        return {"unsent": status.unsent_changes, "outbox": status.outbox, "waiting": status.waiting,
                "quarantined": status.quarantined}


def play(scenario, folder, player, relay):
    clock, saved = SetClock(scenario["start_ms"]), {}
    actors = {name: Actor(name, folder, f"{scenario['seed']}/{player}", clock, relay) for name in scenario["actors"]}
    for number, step in enumerate(scenario["steps"], 1):
        words = {name: saved[value[1:]] if isinstance(value, str) and value.startswith("$") else value
                 for name, value in step.get("with", {}).items()}
        if step["do"] == "pass":
            clock.now += words["ms"]
            continue
        actor = actors[step["actor"]]
        try:
            given = getattr(actor, step["do"].replace("-", "_"))(words) or {}
        except rafiq.RafiqError as error:
            given = {"error": error_text(error), "sentence": rafiq.Language.open(actor.language).error_text(error).text}
        for name, wanted in {"error": None, **step.get("expect", {})}.items():
            if given.get(name) != wanted:
                sys.exit(f"step {number}, {step['actor']} {step['do']}: {name} is {given.get(name)!r}, not {wanted!r}")
        for name, to in step.get("save", {}).items():
            saved[to] = given[name]
    return len(scenario["steps"])


if __name__ == "__main__":
    path, folder, player = sys.argv[1:]
    scenario = json.loads(pathlib.Path(path).read_text("utf-8"))
    print(play(scenario, pathlib.Path(folder), player, os.environ["RAFIQ_RELAY_URL"]), "steps")
