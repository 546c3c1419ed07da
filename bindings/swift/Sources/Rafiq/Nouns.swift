// The calls of each noun: as in the core, async, on a thread that may wait for the disk.

import Foundation
import RafiqBindings

/// The calls about people.
public struct People: Sendable {
    let core: RafiqBindings.People

    /// Enters somebody who has no device of their own; who entered them is kept beside it.
    public func addPerson(space: String, _ new: NewPerson) async throws -> Person {
        try await call { [core] in try core.addPerson(space: space, new: new) }
    }

    /// Everybody in a space, by name. `NotFound` if this profile does not hold the space.
    public func list(space: String) async throws -> [Person] {
        try await call { [core] in try core.list(space: space) }
    }

    /// Who one is; nothing before `setMe`.
    public func me() async throws -> Me? { try await call { [core] in try core.me() } }

    /// Says who one is: into the own profile, and into the roster of every space that one shares.
    /// `Invalid` for an empty or too long name, an impossible language tag, an unknown calendar.
    public func setMe(_ new: NewMe) async throws -> Me { try await call { [core] in try core.setMe(new: new) } }
}

/// The calls about check-ins.
public struct CheckIns: Sendable {
    let core: RafiqBindings.CheckIns

    /// Check-ins, the newest first, 1 to 500 a page; `before` is the last page's `next`.
    public func list(filter: CheckInFilter, limit: Int, before: String? = nil) async throws -> CheckInPage {
        try await call { [core] in try core.list(filter: filter, limit: Int32(clamping: limit), before: before) }
    }

    /// Keeps a check-in; when this returns, it and, for "today", its alert are on the disk.
    /// `Invalid{share, needs-someone}` if contact is wished and there is nobody who would hear of it; `NotFound` for a
    /// pairing that this profile does not hold; `Invalid{note, too-long}` over 2,000 characters.
    public func record(_ new: NewCheckIn) async throws -> CheckIn {
        try await call { [core] in try core.record(new: new) }
    }

    /// Takes a check-in of one's own back: it is gone from every phone's screens with the next exchange, and its words are erased as
    /// by `eraseWords`. Who has read it has read it. `NotAllowed{author}` for somebody else's.
    public func retract(id: CheckInId) async throws { try await call { [core] in try core.retract(id: id) } }

    /// Erases a check-in's words for good, one's own or, as a steward of the space, somebody else's; the check-in stays. Here they are
    /// gone when this returns; with the next exchanges they go from the other phones and from the relay. `SyncEngine.erasures` says which
    /// phones have said so. A phone that is never seen again, or does not do as it should, may keep a copy.
    ///
    /// `NotFound`; `NotAllowed{author}`; `Invalid{words, none}` if there are none; `Invalid{words, not-here-yet}`;
    /// `Invalid{words, not-erasable}` for what an older app wrote into the document itself.
    public func eraseWords(id: CheckInId) async throws -> ErasureId { try await call { [core] in try core.eraseWords(id: id) } }
}

/// The calls about groups.
public struct SupportGroups: Sendable {
    let core: RafiqBindings.SupportGroups

    /// Everybody in the group with their mark, by name.
    public func attendance(session: SessionId) async throws -> [AttendanceMark] {
        try await call { [core] in try core.attendance(session: session) }
    }

    /// Says that a session will not be held. It stays in the list, as cancelled.
    public func cancelSession(session: SessionId) async throws -> Session {
        try await call { [core] in try core.cancelSession(session: session) }
    }

    /// Founds a group with oneself in it. `Invalid{capacity, range}` outside of 2 to 200; `Invalid{name, missing}` before one
    /// has said who one is.
    public func found(_ new: NewGroup) async throws -> SupportGroup {
        try await call { [core] in try core.found(new: new) }
    }

    /// One group. `NotFound` if this profile does not hold it.
    public func get(group: SupportGroupId) async throws -> SupportGroup {
        try await call { [core] in try core.get(group: group) }
    }

    /// All groups, the oldest first.
    public func list() async throws -> [SupportGroup] { try await call { [core] in try core.list() } }

    /// Moves a session. If another moved it meanwhile, both times are kept (`Session.otherTimesMs`).
    public func moveSession(session: SessionId, startsAtMs: Int64) async throws -> Session {
        try await call { [core] in try core.moveSession(session: session, startsAtMs: startsAtMs) }
    }

    /// Keeps all marks of a session in one write. A mark that stands already is not written again; one that differs replaces it
    /// and settles a conflict. `NotFound` for somebody who is not in the roster.
    public func recordAttendance(session: SessionId, marks: [Mark]) async throws {
        try await call { [core] in try core.recordAttendance(session: session, marks: marks) }
    }

    /// Settles which of several kept times stands: one of them, or a new one.
    public func resolveSessionTime(session: SessionId, startsAtMs: Int64) async throws -> Session {
        try await call { [core] in try core.resolveSessionTime(session: session, startsAtMs: startsAtMs) }
    }

    /// Plans a session.
    public func scheduleSession(group: SupportGroupId, _ new: NewSession) async throws -> Session {
        try await call { [core] in try core.scheduleSession(group: group, new: new) }
    }

    /// One session.
    public func session(session: SessionId) async throws -> Session {
        try await call { [core] in try core.session(session: session) }
    }

    /// Sessions from a time on, the earliest first, 1 to 500 a page; `after` is the last page's `next`.
    public func sessions(
        group: SupportGroupId, fromMs: Int64, limit: Int, after: String? = nil
    ) async throws -> SessionPage {
        try await call { [core] in try core.sessions(group: group, fromMs: fromMs, limit: Int32(clamping: limit), after: after) }
    }
}

/// The calls about pairings.
public struct Mentoring: Sendable {
    let core: RafiqBindings.Mentoring

    /// Writes a goal of one's own, at most 500 characters.
    public func addGoal(pairing: PairingId, text: String) async throws -> Goal {
        try await call { [core] in try core.addGoal(pairing: pairing, text: text) }
    }

    /// Founds a circle for a pairing, with oneself in it. `Invalid{model, unknown}`, `Invalid{role, unknown}`;
    /// `Invalid{name, missing}` before one has said who one is.
    public func begin(_ new: NewPairing) async throws -> Pairing {
        try await call { [core] in try core.begin(new: new) }
    }

    /// Says that a step of the plan is done. `NotFound` for one that is not in the plan of now and the next year.
    public func completeStep(pairing: PairingId, step: String) async throws {
        try await call { [core] in try core.completeStep(pairing: pairing, step: step) }
    }

    /// The contacts of a pairing, the newest first, 1 to 500.
    public func contacts(pairing: PairingId, limit: Int) async throws -> [Contact] {
        try await call { [core] in try core.contacts(pairing: pairing, limit: Int32(clamping: limit)) }
    }

    /// Says that a goal of one's own is reached. `NotAllowed{author}` for somebody else's.
    public func finishGoal(goal: GoalId) async throws { try await call { [core] in try core.finishGoal(goal: goal) } }

    /// One pairing. `NotFound` if this profile does not hold it.
    public func get(pairing: PairingId) async throws -> Pairing {
        try await call { [core] in try core.get(pairing: pairing) }
    }

    /// The goals of a pairing, the oldest first.
    public func goals(pairing: PairingId) async throws -> [Goal] {
        try await call { [core] in try core.goals(pairing: pairing) }
    }

    /// All pairings, the oldest first.
    public func list() async throws -> [Pairing] { try await call { [core] in try core.list() } }

    /// Logs that the two were in touch. Answers every wish for contact that was written before it.
    public func logContact(pairing: PairingId, _ new: NewContact) async throws -> Contact {
        try await call { [core] in try core.logContact(pairing: pairing, new: new) }
    }

    /// The milestones reached in a pairing, the oldest first.
    public func milestones(pairing: PairingId) async throws -> [ReachedMilestone] {
        try await call { [core] in try core.milestones(pairing: pairing) }
    }

    /// What has begun (open, overdue or done) and what begins within `weeksAhead` weeks (0 to 52), the earliest due first.
    /// Days begin and end in `zone` (IANA). Empty before the first exchange, and for a model that is not at hand.
    public func plan(pairing: PairingId, nowMs: Int64, weeksAhead: Int, zone: String) async throws -> [PlanStep] {
        try await call { [core] in
            try core.plan(pairing: pairing, nowMs: nowMs, weeksAhead: Int32(clamping: weeksAhead), zone: zone)
        }
    }

    /// Keeps a small victory. `Invalid{milestone, unknown}` for one that the model's catalogue does not have.
    public func reachMilestone(pairing: PairingId, milestone: Milestone) async throws -> ReachedMilestone {
        try await call { [core] in try core.reachMilestone(pairing: pairing, milestone: milestone) }
    }

    /// Settles which of several kept meetings stands: one of them, or a new one. `NotFound` if none was set at all.
    public func resolveNextMeeting(pairing: PairingId, meeting: Meeting) async throws {
        try await call { [core] in try core.resolveNextMeeting(pairing: pairing, meeting: meeting) }
    }

    /// Says when the two next meet. If the other said something else meanwhile, both are kept (`NextMeeting.others`).
    public func setNextMeeting(pairing: PairingId, meeting: Meeting) async throws {
        try await call { [core] in try core.setNextMeeting(pairing: pairing, meeting: meeting) }
    }

    /// Names who hears first when somebody asks for contact: somebody in the circle (`NotFound` otherwise).
    public func setResponder(pairing: PairingId, person: PersonRef) async throws {
        try await call { [core] in try core.setResponder(pairing: pairing, person: person) }
    }

    /// Says which part one takes, for whoever joined: after the first exchange, when the pairing itself has arrived (`NotFound`
    /// before). `Invalid{role, unknown}` for a role that the model does not have.
    public func takeRole(pairing: PairingId, role: String) async throws -> Pairing {
        try await call { [core] in try core.takeRole(pairing: pairing, role: role) }
    }

    /// Sets a goal of one's own aside, without a reason; it is no longer shown to anybody.
    public func withdrawGoal(goal: GoalId) async throws {
        try await call { [core] in try core.withdrawGoal(goal: goal) }
    }
}

/// The calls about directories. A directory is named by its space.
public struct Directory: Sendable {
    let core: RafiqBindings.Directory

    /// The services of a directory by name, 1 to 500 a page; `after` is the last page's `next`.
    public func browse(space: String, limit: Int, after: String? = nil) async throws -> HitPage {
        try await call { [core] in try core.browse(space: space, limit: Int32(clamping: limit), after: after) }
    }

    /// Founds a directory; this profile becomes its curator. `services` is how many it is going to hold, about. The name (1–80
    /// characters) is seen by all its readers.
    public func found(name: String, services: Int64) async throws -> DirectoryInfo {
        try await call { [core] in try core.found(name: name, services: services) }
    }

    /// Imports an HSDS file or folder. Services are added or brought up to date field by field; none is removed. The same source
    /// again changes nothing. What was imported when it was cancelled or the process died stays.
    ///
    /// Bad rows are no error of the call: they stand in the report. `NotFound` if there is no such path, or the space is no
    /// directory of ours; `NotAllowed` for those who may only read it; `Cancelled` by `progress`, which counts in thousandths.
    public func importPath(space: String, path: String, progress: ProgressListener? = nil) async throws -> ImportReport {
        try await call { [core] in try core.importPath(space: space, path: path, progress: progress) }
    }

    /// Imports one HSDS JSON file that the host reads, as a phone's file picker gives it. `name` is what problems call it; a source
    /// that fails is the problem `unreadable`. Otherwise as `importPath`.
    public func importSource(
        space: String, name: String, source: ByteSource, progress: ProgressListener? = nil
    ) async throws -> ImportReport {
        try await call { [core] in try core.importSource(space: space, name: name, source: source, progress: progress) }
    }

    /// The directories this profile holds, oldest first.
    public func list() async throws -> [DirectoryInfo] { try await call { [core] in try core.list() } }

    /// Tells the directory's inbox that a listing is wrong. It leaves with the next exchange; who wrote it is told to nobody.
    /// `note` (up to 500 characters) is read by the curators. `NotFound` if there is no such service here.
    public func report(space: String, id: String, kind: ReportKind, note: String) async throws {
        try await call { [core] in try core.report(space: space, id: id, kind: kind, note: note) }
    }

    /// The reports that came to the inboxes of our directories and wait for a curator, oldest first.
    public func reports() async throws -> [ServiceReport] { try await call { [core] in try core.reports() } }

    /// Services with all the words of a query in any of their languages, best first, in all directories; if there are none,
    /// those with any of the words. The last word may be unfinished. Closed services come last. `limit` is 1–100.
    public func search(query: String, limit: Int) async throws -> [Hit] {
        try await call { [core] in try core.search(query: query, limit: Int32(clamping: limit)) }
    }

    /// All about one service, each text in `language` (BCP 47) if it is there, else in the service's own, and saying so.
    /// `NotFound` if the directory has no such service.
    public func service(space: String, id: String, language: String) async throws -> Service {
        try await call { [core] in try core.service(space: space, id: id, language: language) }
    }

    /// From which age the listings of a directory count as ageing and as stale, for all its readers.
    /// `Invalid{freshness}` unless 0 < ageing ≤ stale; `NotAllowed` for those who may only read it.
    public func setFreshness(space: String, limits: FreshnessLimits) async throws {
        try await call { [core] in try core.setFreshness(space: space, limits: limits) }
    }

    /// A curator has dealt with a report. `NotFound` if there is none with this id.
    public func settleReport(id: String) async throws { try await call { [core] in try core.settleReport(id: id) } }
}

/// The calls about alerts.
public struct Safety: Sendable {
    let core: RafiqBindings.Safety

    /// Alerts to this profile's person that nobody has settled yet, the oldest first.
    public func alerts() async throws -> [ReceivedAlert] { try await call { [core] in try core.alerts() } }

    /// Says that a person has dealt with an alert. `NotFound` if there is none, or it is settled already.
    public func settle(alert: AlertId) async throws { try await call { [core] in try core.settle(alert: alert) } }
}

/// The calls about a recovery kit. To find a space with one, see ``Rafiq/recover(words:relay:carrier:)``.
public struct Recovery: Sendable {
    let core: RafiqBindings.Recovery

    /// Begins to look for the space of a kit.
    func begin(words: String, relay: String) async throws -> Exchange {
        try await call { [core] in try core.begin(words: words, relay: relay) }
    }

    /// Whether these can be the words of a kit, before any relay is asked. Needs no profile: whoever types them on a new phone has none yet.
    ///
    /// Errors: `Invalid{words, …}` with `count` (not twelve), `unknown` (one is not in the list), `checksum` (one is wrong, or two have
    /// changed places).
    public static func check(words: String) async throws { try await call { try checkKitWords(words: words) } }

    /// Forgets a question that was begun, and the words with it.
    func giveUp() async throws { try await call { [core] in try core.giveUp() } }

    /// Whether a space that a kit has found is still being read: exchange until it is not. The lost phone is taken out when it is all here.
    public func isReading() async throws -> Bool { try await call { [core] in try core.isReading() } }

    /// The kit that this profile has: that there is one, and whether all it needs is on the relay. Nil if none was made.
    public func kit() async throws -> Kit? { try await call { [core] in try core.kit() } }

    /// Makes a kit and gives its words, this once. An earlier kit is over with it: its words find nothing that is written from the next
    /// exchange on, and let nobody in. It serves when ``kit()`` says that it is ready, after an exchange.
    ///
    /// The personal space, which has been on this phone alone, goes to the home relay from now on, sealed: the relay learns that there is
    /// one more space and one more inbox, and when and how much is written there.
    ///
    /// Errors: `Invalid{relay, missing}` without a home relay; `Invalid{kit, recovering}` while ``isReading()``; `Invalid{kit, too-many}`
    /// after some eighty kits; `NotAllowed{role}` on a phone that was taken out of its person's space. After any of them the earlier kit holds.
    public func makeKit() async throws -> KitWords { try await call { [core] in try core.makeKit() } }

    /// Takes a relay's answer: the next to be carried, or nil when the space is found.
    func take(answer: Data) async throws -> Exchange? { try await call { [core] in try core.take(answer: answer) } }

    /// The words of the list that begin with these letters, at most eight: for a field that helps whoever types them. Needs no profile.
    public static func wordsBeginning(letters: String) async throws -> [String] {
        try await call { try kitWordsBeginning(letters: letters) }
    }
}

/// The calls about invites and spaces.
public struct Sharing: Sendable {
    let core: RafiqBindings.Sharing

    /// Answers an invite. To read a directory this is all; to join, the answer leaves with the next exchange, and the space is here
    /// once the inviter has let us in. The inviter learns the name and language of the profile.
    ///
    /// Errors: as `preview`; `Invalid{invite, expired}`; `Invalid{name, missing}` before the profile has a name;
    /// `Invalid{invite, own}` for one's own.
    public func accept(text: String) async throws -> Accepted {
        try await call { [core] in try core.accept(text: text) }
    }

    /// Lets somebody in: after a look at the person in front of us, or a call. The welcome leaves with the next exchange.
    ///
    /// Errors: `NotFound`, `Invalid{invite, used}`, `Invalid{invite, expired}` (by this device's clock), `NotAllowed{role}`.
    public func admit(request: JoinRequestId) async throws {
        try await call { [core] in try core.admit(request: request) }
    }

    /// Does not let somebody in. They are not told; the invite stays good for the one it was meant for.
    public func decline(request: JoinRequestId) async throws {
        try await call { [core] in try core.decline(request: request) }
    }

    /// Whose work waits in a space because they had been taken out when it came, or when it became known that they were: by person.
    /// Everybody in the space may see that; nobody sees what it says until it counts. Work that another person has built on counts by itself.
    ///
    /// Errors: `NotFound` for a space that this profile does not hold.
    public func heldWork(space: String) async throws -> [HeldWork] {
        try await call { [core] in try core.heldWork(space: space) }
    }

    /// An invite into a space, to be shown as a QR code or sent as a link. It serves one person, once, for 10 minutes in person or
    /// 72 hours from afar (by this device's clock). An invite to a directory lets anyone who sees it read.
    ///
    /// Errors: `NotFound`, `NotAllowed{role}` unless this profile is a steward there, `Invalid{invites, too-many}`.
    public func invite(space: String, reach: Reach) async throws -> InviteText {
        try await call { [core] in try core.invite(space: space, reach: reach) }
    }

    /// Keeps what waits of somebody who had been taken out and did not know it yet: all that `heldWork` counts. It is part of the
    /// space from now on, here at once and for the others with the next exchange; they themselves stay out, and what they write from now
    /// on waits again. It cannot be taken back.
    ///
    /// Errors: `NotFound` if nothing of theirs waits, `NotAllowed{role}` unless this profile is a steward there.
    public func keep(space: String, person: PersonRef) async throws {
        try await call { [core] in try core.keep(space: space, person: person) }
    }

    /// Leaves a space: everybody may, at any time. What was read stays here; nothing new comes, and the others are told.
    ///
    /// Errors: `NotFound`, `Invalid{space, personal}`.
    public func leave(space: String) async throws { try await call { [core] in try core.leave(space: space) } }

    /// What an invite is for, before anybody answers it. Changes nothing, asks no network.
    ///
    /// Errors: `Invalid{invite, …}` with `not-an-invite`, `checksum` (damaged or mistyped), `malformed`, `too-large`;
    /// `NewerVersion`.
    public func preview(text: String) async throws -> InvitePreview {
        try await call { [core] in try core.preview(text: text) }
    }

    /// Takes a person out of a space, with all their devices. From the next exchange on what is written there is sealed under a key
    /// that they do not get; what they have read stays theirs, and what they had written stays in the space. They are told.
    ///
    /// Errors: `NotFound` if the person is not there, `NotAllowed{role}` unless this profile is a steward there or the person itself,
    /// `Invalid{space, personal}`.
    public func remove(space: String, person: PersonRef) async throws {
        try await call { [core] in try core.remove(space: space, person: person) }
    }

    /// Who has answered an invite of ours and waits to be let in, oldest first.
    public func requests() async throws -> [JoinRequest] { try await call { [core] in try core.requests() } }

    /// The spaces this profile shares with others, oldest first.
    public func spaces() async throws -> [SharedSpace] { try await call { [core] in try core.spaces() } }
}

/// The sync engine: status, relays, and the next exchange. ``Rafiq/exchange(relay:budget:rounds:carrier:)`` does it all.
public struct SyncEngine: Sendable {
    let core: RafiqBindings.SyncEngine

    /// What stands aside, oldest first, at most `limit`.
    public func heldItems(limit: Int) async throws -> [HeldItem] {
        try await call { [core] in try core.heldItems(limit: Int32(clamping: limit)) }
    }

    /// What was erased here, the newest first, at most `limit`, and which devices have confirmed it.
    public func erasures(limit: Int) async throws -> [Erasure] {
        try await call { [core] in try core.erasures(limit: Int32(clamping: limit)) }
    }

    /// Where spaces founded here are synced; empty for none.
    public func homeRelay() async throws -> String { try await call { [core] in try core.homeRelay() } }

    /// The next request to a relay, every space and inbox in it, alerts first. It replaces one that was not answered.
    public func nextExchange(relay: String, budget: Budget) async throws -> Exchange {
        try await call { [core] in try core.nextExchange(relay: relay, budget: budget) }
    }

    /// The relays that this profile's spaces use.
    public func relays() async throws -> [String] { try await call { [core] in try core.relays() } }

    /// The relay that spaces founded on this device will use; also given to those that have none yet. `Invalid{relay, …}` unless
    /// it is an `http(s)` address of at most 200 bytes.
    public func setHomeRelay(url: String) async throws { try await call { [core] in try core.setHomeRelay(url: url) } }

    /// How far the present run of exchanges has come, for every space of which something has gone in it or is left; a run ends when nothing
    /// is left to do. It changes with each answer that is received, not while the bytes of one are on their way.
    public func progress() async throws -> [SpaceProgress] { try await call { [core] in try core.progress() } }

    /// What the person has said about lines that cost by the byte; nil if they have not been asked. Then it is as with `.wait`.
    public func meteredLine() async throws -> MeteredLine? { try await call { [core] in try core.meteredLine() } }

    /// Keeps what the person has said, in this profile and for nobody else; it counts from the next exchange on.
    public func setMeteredLine(_ choice: MeteredLine) async throws {
        try await call { [core] in try core.setMeteredLine(choice: choice) }
    }

    /// How things stand.
    public func status() async throws -> SyncStatus { try await call { [core] in try core.status() } }

    /// Carry for others: from now on envelopes for others that are read from bundles are kept, up to so many bytes, and go out again
    /// in later bundles. Above it the oldest large ones are dropped first, alerts last. 0 carries nothing and drops what is carried.
    /// None of it can be opened here. `Invalid{quota, range}` below 0.
    public func carry(quotaBytes: Int64) async throws {
        try await call { [core] in try core.carry(quotaBytes: quotaBytes) }
    }

    /// How *carry for others* stands.
    public func carried() async throws -> Carried { try await call { [core] in try core.carried() } }

    /// Writes a bundle to a file; it is on the disk when this returns. A bundle that is there already is added to: what it holds
    /// stays, of whomever it is, what is missing or damaged in it is written behind it, and one that was cut is mended. A file that
    /// is no bundle is not touched. ``Rafiq/readBundle(file:)`` reads it.
    ///
    /// Everything held of `spaces` goes in (none named: of all that are shared), sealed as for a relay, and the notes and alerts that
    /// wait to leave; they go on waiting for a relay as well. `carried`: also what is carried for others. Whoever finds the file sees
    /// how many envelopes it holds and how long they are.
    ///
    /// Errors: `Invalid{file}` with `not-a-bundle`, or `full` above 262,144 envelopes; `InUse` while somebody else writes to it;
    /// `NotFound` for a space that is not here, `NotAllowed` for one that this profile was taken out of; `StorageFull`, `Storage`.
    public func writeBundle(file: URL, spaces: [String] = [], carried: Bool = false) async throws -> BundleWritten {
        let path = file.path
        return try await call { [core] in try core.writeBundle(path: path, spaces: spaces, carried: carried) }
    }

    /// The same to any stream, such as a socket or a cable: the whole of it, since what is at the other end cannot be looked at.
    /// `Host` if it fails.
    public func writeBundle(to sink: any ByteSink, spaces: [String] = [], carried: Bool = false) async throws -> BundleWritten {
        try await call { [core] in try core.streamBundle(sink: sink, spaces: spaces, carried: carried) }
    }
}

/// The calls about today.
public struct Today: Sendable {
    let core: RafiqBindings.Today

    /// What is due: alerts; then conflicts to settle; then what takes place within seven days and what there is to do, by time;
    /// last one's own open goals. Days begin and end in `zone` (IANA name; `Invalid{zone, unknown}` otherwise).
    public func list(nowMs: Int64, zone: String) async throws -> [DueItem] {
        try await call { [core] in try core.list(nowMs: nowMs, zone: zone) }
    }

    /// When to remind, from now until `horizonMs` later (at most a year), the soonest 60. Ids and instants only: shells schedule
    /// them as local notifications.
    public func reminders(nowMs: Int64, horizonMs: Int64, zone: String) async throws -> [Reminder] {
        try await call { [core] in try core.reminders(nowMs: nowMs, horizonMs: horizonMs, zone: zone) }
    }
}
