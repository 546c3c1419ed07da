package org.rafiq

import org.rafiq.ffi.checkKitWords
import org.rafiq.ffi.kitWordsBeginning
import java.io.File
import java.io.OutputStream
import org.rafiq.ffi.CheckIns as CoreCheckIns
import org.rafiq.ffi.Directory as CoreDirectory
import org.rafiq.ffi.Mentoring as CoreMentoring
import org.rafiq.ffi.People as CorePeople
import org.rafiq.ffi.Recovery as CoreRecovery
import org.rafiq.ffi.Safety as CoreSafety
import org.rafiq.ffi.Sharing as CoreSharing
import org.rafiq.ffi.SupportGroups as CoreSupportGroups
import org.rafiq.ffi.SyncEngine as CoreSyncEngine
import org.rafiq.ffi.Today as CoreToday

// The calls of each noun: as in the core, suspending, on a thread that may wait for the disk.

/** The calls about people. */
class People internal constructor(private val core: CorePeople) {
    /** Enters somebody who has no device of their own; who entered them is kept beside it. */
    suspend fun addPerson(space: String, new: NewPerson): Person = call { core.addPerson(space, new) }

    /** Everybody in a space, by name. `NotFound` if this profile does not hold the space. */
    suspend fun list(space: String): List<Person> = call { core.list(space) }

    /** Who one is; nothing before `setMe`. */
    suspend fun me(): Me? = call { core.me() }

    /**
     * Says who one is: into the own profile, and into the roster of every space that one shares.
     * `Invalid` for an empty or too long name, an impossible language tag, an unknown calendar.
     */
    suspend fun setMe(new: NewMe): Me = call { core.setMe(new) }

    internal fun free() = core.close()
}

/** The calls about check-ins. */
class CheckIns internal constructor(private val core: CoreCheckIns) {
    /** Check-ins, the newest first, 1 to 500 a page; `before` is the last page's `next`. */
    suspend fun list(filter: CheckInFilter, limit: Int, before: String? = null): CheckInPage =
        call { core.list(filter, limit, before) }

    /**
     * Keeps a check-in; when this returns, it and, for "today", its alert are on the disk.
     * `Invalid{share, needs-someone}` if contact is wished and there is nobody who would hear of it; `NotFound` for a
     * pairing that this profile does not hold; `Invalid{note, too-long}` over 2,000 characters.
     */
    suspend fun record(new: NewCheckIn): CheckIn = call { core.record(new) }

    /**
     * Takes a check-in of one's own back: it is gone from every phone's screens with the next exchange, and its words are erased as by
     * [eraseWords]. Who has read it has read it. `NotAllowed{author}` for somebody else's.
     */
    suspend fun retract(id: CheckInId) = call { core.retract(id) }

    /**
     * Erases a check-in's words for good, one's own or, as a steward of the space, somebody else's; the check-in stays. Here they are
     * gone when this returns; with the next exchanges they go from the other phones and from the relay. [SyncEngine.erasures] says which phones
     * have said so. A phone that is never seen again, or does not do as it should, may keep a copy.
     *
     * `NotFound`; `NotAllowed{author}`; `Invalid{words, none}` if there are none; `Invalid{words, not-here-yet}`;
     * `Invalid{words, not-erasable}` for what an older app wrote into the document itself.
     */
    suspend fun eraseWords(id: CheckInId): ErasureId = call { core.eraseWords(id) }

    internal fun free() = core.close()
}

/** The calls about groups. */
class SupportGroups internal constructor(private val core: CoreSupportGroups) {
    /** Everybody in the group with their mark, by name. */
    suspend fun attendance(session: SessionId): List<AttendanceMark> = call { core.attendance(session) }

    /** Says that a session will not be held. It stays in the list, as cancelled. */
    suspend fun cancelSession(session: SessionId): Session = call { core.cancelSession(session) }

    /**
     * Founds a group with oneself in it. `Invalid{capacity, range}` outside of 2 to 200; `Invalid{name, missing}` before one
     * has said who one is.
     */
    suspend fun found(new: NewGroup): SupportGroup = call { core.found(new) }

    /** One group. `NotFound` if this profile does not hold it. */
    suspend fun get(group: SupportGroupId): SupportGroup = call { core.get(group) }

    /** All groups, the oldest first. */
    suspend fun list(): List<SupportGroup> = call { core.list() }

    /** Moves a session. If another moved it meanwhile, both times are kept (`Session.other_times_ms`). */
    suspend fun moveSession(session: SessionId, startsAtMs: Long): Session =
        call { core.moveSession(session, startsAtMs) }

    /**
     * Keeps all marks of a session in one write. A mark that stands already is not written again; one that differs replaces it
     * and settles a conflict. `NotFound` for somebody who is not in the roster.
     */
    suspend fun recordAttendance(session: SessionId, marks: List<Mark>) = call { core.recordAttendance(session, marks) }

    /** Settles which of several kept times stands: one of them, or a new one. */
    suspend fun resolveSessionTime(session: SessionId, startsAtMs: Long): Session =
        call { core.resolveSessionTime(session, startsAtMs) }

    /** Plans a session. */
    suspend fun scheduleSession(group: SupportGroupId, new: NewSession): Session =
        call { core.scheduleSession(group, new) }

    /** One session. */
    suspend fun session(session: SessionId): Session = call { core.session(session) }

    /** Sessions from a time on, the earliest first, 1 to 500 a page; `after` is the last page's `next`. */
    suspend fun sessions(group: SupportGroupId, fromMs: Long, limit: Int, after: String? = null): SessionPage =
        call { core.sessions(group, fromMs, limit, after) }

    internal fun free() = core.close()
}

/** The calls about pairings. */
class Mentoring internal constructor(private val core: CoreMentoring) {
    /** Writes a goal of one's own, at most 500 characters. */
    suspend fun addGoal(pairing: PairingId, text: String): Goal = call { core.addGoal(pairing, text) }

    /**
     * Founds a circle for a pairing, with oneself in it. `Invalid{model, unknown}`, `Invalid{role, unknown}`;
     * `Invalid{name, missing}` before one has said who one is.
     */
    suspend fun begin(new: NewPairing): Pairing = call { core.begin(new) }

    /** Says that a step of the plan is done. `NotFound` for one that is not in the plan of now and the next year. */
    suspend fun completeStep(pairing: PairingId, step: String) = call { core.completeStep(pairing, step) }

    /** The contacts of a pairing, the newest first, 1 to 500. */
    suspend fun contacts(pairing: PairingId, limit: Int): List<Contact> = call { core.contacts(pairing, limit) }

    /** Says that a goal of one's own is reached. `NotAllowed{author}` for somebody else's. */
    suspend fun finishGoal(goal: GoalId) = call { core.finishGoal(goal) }

    /** One pairing. `NotFound` if this profile does not hold it. */
    suspend fun get(pairing: PairingId): Pairing = call { core.get(pairing) }

    /** The goals of a pairing, the oldest first. */
    suspend fun goals(pairing: PairingId): List<Goal> = call { core.goals(pairing) }

    /** All pairings, the oldest first. */
    suspend fun list(): List<Pairing> = call { core.list() }

    /** Logs that the two were in touch. Answers every wish for contact that was written before it. */
    suspend fun logContact(pairing: PairingId, new: NewContact): Contact = call { core.logContact(pairing, new) }

    /** The milestones reached in a pairing, the oldest first. */
    suspend fun milestones(pairing: PairingId): List<ReachedMilestone> = call { core.milestones(pairing) }

    /**
     * What has begun (open, overdue or done) and what begins within `weeksAhead` weeks (0 to 52), the earliest due first.
     * Days begin and end in `zone` (IANA). Empty before the first exchange, and for a model that is not at hand.
     */
    suspend fun plan(pairing: PairingId, nowMs: Long, weeksAhead: Int, zone: String): List<PlanStep> =
        call { core.plan(pairing, nowMs, weeksAhead, zone) }

    /** Keeps a small victory. `Invalid{milestone, unknown}` for one that the model's catalogue does not have. */
    suspend fun reachMilestone(pairing: PairingId, milestone: Milestone): ReachedMilestone =
        call { core.reachMilestone(pairing, milestone) }

    /**
     * Settles which of several kept meetings stands: one of them, or a new one. `NotFound` if none was set at all.
     */
    suspend fun resolveNextMeeting(pairing: PairingId, meeting: Meeting) =
        call { core.resolveNextMeeting(pairing, meeting) }

    /**
     * Says when the two next meet. If the other said something else meanwhile, both are kept (`NextMeeting.others`).
     */
    suspend fun setNextMeeting(pairing: PairingId, meeting: Meeting) = call { core.setNextMeeting(pairing, meeting) }

    /** Names who hears first when somebody asks for contact: somebody in the circle (`NotFound` otherwise). */
    suspend fun setResponder(pairing: PairingId, person: PersonRef) = call { core.setResponder(pairing, person) }

    /**
     * Says which part one takes, for whoever joined: after the first exchange, when the pairing itself has arrived (`NotFound`
     * before). `Invalid{role, unknown}` for a role that the model does not have.
     */
    suspend fun takeRole(pairing: PairingId, role: String): Pairing = call { core.takeRole(pairing, role) }

    /** Sets a goal of one's own aside, without a reason; it is no longer shown to anybody. */
    suspend fun withdrawGoal(goal: GoalId) = call { core.withdrawGoal(goal) }

    internal fun free() = core.close()
}

/** The calls about directories. A directory is named by its space. */
class Directory internal constructor(private val core: CoreDirectory) {
    /** The services of a directory by name, 1 to 500 a page; `after` is the last page's `next`. */
    suspend fun browse(space: String, limit: Int, after: String? = null): HitPage =
        call { core.browse(space, limit, after) }

    /**
     * Founds a directory; this profile becomes its curator. `services` is how many it is going to hold, about. The name (1–80
     * characters) is seen by all its readers.
     */
    suspend fun found(name: String, services: Long): DirectoryInfo = call { core.found(name, services) }

    /**
     * Imports an HSDS file or folder. Services are added or brought up to date field by field; none is removed. The same source
     * again changes nothing. What was imported when it was cancelled or the process died stays.
     *
     * Bad rows are no error of the call: they stand in the report. `NotFound` if there is no such path, or the space is no
     * directory of ours; `NotAllowed` for those who may only read it; `Cancelled` by `progress`, which counts in thousandths.
     */
    suspend fun importPath(space: String, path: String, progress: ProgressListener? = null): ImportReport =
        call { core.importPath(space, path, progress) }

    /**
     * Imports one HSDS JSON file that the host reads, as a phone's file picker gives it. `name` is what problems call it; a source
     * that fails is the problem `unreadable`. Otherwise as `importPath`.
     */
    suspend fun importSource(
        space: String,
        name: String,
        source: ByteSource,
        progress: ProgressListener? = null,
    ): ImportReport =
        call { core.importSource(space, name, source, progress) }

    /** The directories this profile holds, oldest first. */
    suspend fun list(): List<DirectoryInfo> = call { core.list() }

    /**
     * Tells the directory's inbox that a listing is wrong. It leaves with the next exchange; who wrote it is told to nobody.
     * `note` (up to 500 characters) is read by the curators. `NotFound` if there is no such service here.
     */
    suspend fun report(space: String, id: String, kind: ReportKind, note: String) =
        call { core.report(space, id, kind, note) }

    /** The reports that came to the inboxes of our directories and wait for a curator, oldest first. */
    suspend fun reports(): List<ServiceReport> = call { core.reports() }

    /**
     * Services with all the words of a query in any of their languages, best first, in all directories; if there are none,
     * those with any of the words. The last word may be unfinished. Closed services come last. `limit` is 1–100.
     */
    suspend fun search(query: String, limit: Int): List<Hit> = call { core.search(query, limit) }

    /**
     * All about one service, each text in `language` (BCP 47) if it is there, else in the service's own, and saying so.
     * `NotFound` if the directory has no such service.
     */
    suspend fun service(space: String, id: String, language: String): Service =
        call { core.service(space, id, language) }

    /**
     * From which age the listings of a directory count as ageing and as stale, for all its readers.
     * `Invalid{freshness}` unless 0 < ageing ≤ stale; `NotAllowed` for those who may only read it.
     */
    suspend fun setFreshness(space: String, limits: FreshnessLimits) = call { core.setFreshness(space, limits) }

    /** A curator has dealt with a report. `NotFound` if there is none with this id. */
    suspend fun settleReport(id: String) = call { core.settleReport(id) }

    internal fun free() = core.close()
}

/** The calls about alerts. */
class Safety internal constructor(private val core: CoreSafety) {
    /** Alerts to this profile's person that nobody has settled yet, the oldest first. */
    suspend fun alerts(): List<ReceivedAlert> = call { core.alerts() }

    /** Says that a person has dealt with an alert. `NotFound` if there is none, or it is settled already. */
    suspend fun settle(alert: AlertId) = call { core.settle(alert) }

    internal fun free() = core.close()
}

/** The calls about a recovery kit. To find a space with one, see [Rafiq.recover]. */
class Recovery internal constructor(private val core: CoreRecovery) {
    /** Begins to look for the space of a kit; [Rafiq.recover] does all of it. */
    internal suspend fun begin(words: String, relay: String): Exchange = call { core.begin(words, relay) }

    /** Forgets a question that was begun, and the words with it. */
    internal suspend fun giveUp() = call { core.giveUp() }

    /** Whether a space that a kit has found is still being read: exchange until it is not. The lost phone is taken out when it is all here. */
    suspend fun isReading(): Boolean = call { core.isReading() }

    /** The kit that this profile has: that there is one, and whether all it needs is on the relay. Null if none was made. */
    suspend fun kit(): Kit? = call { core.kit() }

    /**
     * Makes a kit and gives its words, this once. An earlier kit is over with it: its words find nothing that is written from the next
     * exchange on, and let nobody in. It serves when [kit] says that it is ready, after an exchange.
     *
     * The personal space, which has been on this phone alone, goes to the home relay from now on, sealed: the relay learns that there is
     * one more space and one more inbox, and when and how much is written there.
     *
     * Close what it gives when the words have been shown: the core's copy is wiped then.
     *
     * Errors: `Invalid{relay, missing}` without a home relay; `Invalid{kit, recovering}` while [isReading]; `Invalid{kit, too-many}` after
     * some eighty kits; `NotAllowed{role}` on a phone that was taken out of its person's space. After any of them the earlier kit holds.
     */
    suspend fun makeKit(): KitWords = call { core.makeKit() }

    /** Takes a relay's answer: the next to be carried, or null when the space is found. */
    internal suspend fun take(answer: ByteArray): Exchange? = call { core.take(answer) }

    internal fun free() = core.close()

    companion object {
        /**
         * Whether these can be the words of a kit, before any relay is asked. Needs no profile: whoever types them on a new phone has none
         * yet.
         *
         * Errors: `Invalid{words, …}` with `count` (not twelve), `unknown` (one is not in the list), `checksum` (one is wrong, or two have
         * changed places).
         */
        suspend fun check(words: String) = call { checkKitWords(words) }

        /** The words of the list that begin with these letters, at most eight: for a field that helps whoever types them. Needs no profile. */
        suspend fun wordsBeginning(letters: String): List<String> = call { kitWordsBeginning(letters) }
    }
}

/** The calls about invites and spaces. */
class Sharing internal constructor(private val core: CoreSharing) {
    /**
     * Answers an invite. To read a directory this is all; to join, the answer leaves with the next exchange, and the space is here
     * once the inviter has let us in. The inviter learns the name and language of the profile.
     *
     * Errors: as `preview`; `Invalid{invite, expired}`; `Invalid{name, missing}` before the profile has a name;
     * `Invalid{invite, own}` for one's own.
     */
    suspend fun accept(text: String): Accepted = call { core.accept(text) }

    /**
     * Lets somebody in: after a look at the person in front of us, or a call. The welcome leaves with the next exchange.
     *
     * Errors: `NotFound`, `Invalid{invite, used}`, `Invalid{invite, expired}` (by this device's clock), `NotAllowed{role}`.
     */
    suspend fun admit(request: JoinRequestId) = call { core.admit(request) }

    /** Does not let somebody in. They are not told; the invite stays good for the one it was meant for. */
    suspend fun decline(request: JoinRequestId) = call { core.decline(request) }

    /**
     * Whose work waits in a space because they had been taken out when it came, or when it became known that they were: by person.
     * Everybody in the space may see that; nobody sees what it says until it counts. Work that another person has built on counts by itself.
     *
     * Errors: `NotFound` for a space that this profile does not hold.
     */
    suspend fun heldWork(space: String): List<HeldWork> = call { core.heldWork(space) }

    /**
     * An invite into a space, to be shown as a QR code or sent as a link. It serves one person, once, for 10 minutes in person or
     * 72 hours from afar (by this device's clock). An invite to a directory lets anyone who sees it read.
     *
     * Errors: `NotFound`, `NotAllowed{role}` unless this profile is a steward there, `Invalid{invites, too-many}`.
     */
    suspend fun invite(space: String, reach: Reach): InviteText = call { core.invite(space, reach) }

    /**
     * Keeps what waits of somebody who had been taken out and did not know it yet: all that `heldWork` counts. It is part of the
     * space from now on, here at once and for the others with the next exchange; they themselves stay out, and what they write from now
     * on waits again. It cannot be taken back.
     *
     * Errors: `NotFound` if nothing of theirs waits, `NotAllowed{role}` unless this profile is a steward there.
     */
    suspend fun keep(space: String, person: PersonRef) = call { core.keep(space, person) }

    /**
     * Leaves a space: everybody may, at any time. What was read stays here; nothing new comes, and the others are told.
     *
     * Errors: `NotFound`, `Invalid{space, personal}`.
     */
    suspend fun leave(space: String) = call { core.leave(space) }

    /**
     * What an invite is for, before anybody answers it. Changes nothing, asks no network.
     *
     * Errors: `Invalid{invite, …}` with `not-an-invite`, `checksum` (damaged or mistyped), `malformed`, `too-large`;
     * `NewerVersion`.
     */
    suspend fun preview(text: String): InvitePreview = call { core.preview(text) }

    /**
     * Takes a person out of a space, with all their devices. From the next exchange on what is written there is sealed under a key
     * that they do not get; what they have read stays theirs, and what they had written stays in the space. They are told.
     *
     * Errors: `NotFound` if the person is not there, `NotAllowed{role}` unless this profile is a steward there or the person itself,
     * `Invalid{space, personal}`.
     */
    suspend fun remove(space: String, person: PersonRef) = call { core.remove(space, person) }

    /** Who has answered an invite of ours and waits to be let in, oldest first. */
    suspend fun requests(): List<JoinRequest> = call { core.requests() }

    /** The spaces this profile shares with others, oldest first. */
    suspend fun spaces(): List<SharedSpace> = call { core.spaces() }

    internal fun free() = core.close()
}

/** The sync engine: status, relays, and the next exchange. [Rafiq.exchange] does it all. */
class SyncEngine internal constructor(private val core: CoreSyncEngine) {
    /** How *carry for others* stands. */
    suspend fun carried(): Carried = call { core.carried() }

    /**
     * Carry for others: from now on envelopes for others that are read from bundles are kept, up to so many bytes, and go out again
     * in later bundles. Above it the oldest large ones are dropped first, alerts last. 0 carries nothing and drops what is carried.
     * None of it can be opened here. `Invalid{quota, range}` below 0.
     */
    suspend fun carry(quotaBytes: Long) = call { core.carry(quotaBytes) }

    /** What stands aside, oldest first, at most `limit`. */
    suspend fun heldItems(limit: Int): List<HeldItem> = call { core.heldItems(limit) }

    /** What was erased here, the newest first, at most `limit`, and which devices have confirmed it. */
    suspend fun erasures(limit: Int): List<Erasure> = call { core.erasures(limit) }

    /** Where spaces founded here are synced; empty for none. */
    suspend fun homeRelay(): String = call { core.homeRelay() }

    /**
     * The next request to a relay, every space and inbox in it, alerts first. It replaces one that was not answered.
     */
    suspend fun nextExchange(relay: String, budget: Budget): Exchange = call { core.nextExchange(relay, budget) }

    /** The relays that this profile's spaces use. */
    suspend fun relays(): List<String> = call { core.relays() }

    /**
     * The relay that spaces founded on this device will use; also given to those that have none yet. `Invalid{relay, …}` unless
     * it is an `http(s)` address of at most 200 bytes.
     */
    suspend fun setHomeRelay(url: String) = call { core.setHomeRelay(url) }

    /**
     * How far the present run of exchanges has come, for every space of which something has gone in it or is left; a run ends when nothing is
     * left to do. It changes with each answer that is received, not while the bytes of one are on their way.
     */
    suspend fun progress(): List<SpaceProgress> = call { core.progress() }

    /** What the person has said about lines that cost by the byte; null if they have not been asked. Then it is as with [MeteredLine.WAIT]. */
    suspend fun meteredLine(): MeteredLine? = call { core.meteredLine() }

    /** Keeps what the person has said, in this profile and for nobody else; it counts from the next exchange on. */
    suspend fun setMeteredLine(choice: MeteredLine) = call { core.setMeteredLine(choice) }

    /** How things stand. */
    suspend fun status(): SyncStatus = call { core.status() }

    /**
     * Writes a bundle to a file; it is on the disk when this returns. A bundle that is there already is added to: what it holds
     * stays, of whomever it is, what is missing or damaged in it is written behind it, and one that was cut is mended. A file that
     * is no bundle is not touched. [Rafiq.readBundle] reads it.
     *
     * Everything held of `spaces` goes in (none named: of all that are shared), sealed as for a relay, and the notes and alerts that
     * wait to leave; they go on waiting for a relay as well. `carried`: also what is carried for others. Whoever finds the file sees
     * how many envelopes it holds and how long they are.
     *
     * Errors: `Invalid{file}` with `not-a-bundle`, or `full` above 262,144 envelopes; `InUse` while somebody else writes to it;
     * `NotFound` for a space that is not here, `NotAllowed` for one that this profile was taken out of; `StorageFull`, `Storage`.
     */
    suspend fun writeBundle(file: File, spaces: List<String> = emptyList(), carried: Boolean = false): BundleWritten =
        call { core.writeBundle(file.path, spaces, carried) }

    /**
     * The same to any stream, such as a document that the person has picked or a socket: the whole of it, since what is at the other end
     * cannot be looked at. It is flushed and not closed here. `Host` if it fails.
     */
    suspend fun writeBundle(stream: OutputStream, spaces: List<String> = emptyList(), carried: Boolean = false): BundleWritten =
        call { core.streamBundle(StreamSink(stream), spaces, carried) }

    internal fun free() = core.close()
}

/** The calls about today. */
class Today internal constructor(private val core: CoreToday) {
    /**
     * What is due: alerts; then conflicts to settle; then what takes place within seven days and what there is to do, by time;
     * last one's own open goals. Days begin and end in `zone` (IANA name; `Invalid{zone, unknown}` otherwise).
     */
    suspend fun list(nowMs: Long, zone: String): List<DueItem> = call { core.list(nowMs, zone) }

    /**
     * When to remind, from now until `horizonMs` later (at most a year), the soonest 60. Ids and instants only: shells schedule
     * them as local notifications.
     */
    suspend fun reminders(nowMs: Long, horizonMs: Long, zone: String): List<Reminder> =
        call { core.reminders(nowMs, horizonMs, zone) }

    internal fun free() = core.close()
}
