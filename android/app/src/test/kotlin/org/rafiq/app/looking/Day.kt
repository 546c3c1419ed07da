package org.rafiq.app.looking

import org.rafiq.ContactKind
import org.rafiq.ContactWish
import org.rafiq.HelpKind
import org.rafiq.Modality
import org.rafiq.Reach
import org.rafiq.SessionId
import org.rafiq.SharePairing
import org.rafiq.presenters.AttendanceEvent
import org.rafiq.presenters.AttendancePresenter
import org.rafiq.presenters.CheckInEvent
import org.rafiq.presenters.CheckInPresenter
import org.rafiq.presenters.DAY_MS
import org.rafiq.presenters.GroupEvent
import org.rafiq.presenters.GroupPresenter
import org.rafiq.presenters.HOUR_MS
import org.rafiq.presenters.HandClock
import org.rafiq.presenters.InviteEvent
import org.rafiq.presenters.InvitePresenter
import org.rafiq.presenters.JoinEvent
import org.rafiq.presenters.JoinPresenter
import org.rafiq.presenters.PairingEvent
import org.rafiq.presenters.PairingPresenter
import org.rafiq.presenters.Phone
import org.rafiq.presenters.Place
import org.rafiq.presenters.Relay
import org.rafiq.presenters.START_MS
import org.rafiq.presenters.SeededRandom
import org.rafiq.presenters.SyncEvent
import org.rafiq.presenters.SyncPresenter
import org.rafiq.presenters.TogetherEvent
import org.rafiq.presenters.TogetherPresenter
import org.rafiq.presenters.beginPairing
import org.rafiq.presenters.content
import org.rafiq.presenters.does
import org.rafiq.presenters.invite
import java.io.File

/**
 * A day in somebody's life with the app, lived by three phones over a real relay: a pairing with two times for the next meeting, a group
 * whose marks differ, a directory, check-ins, somebody who waits to be let in, and something that has not left yet.
 */
class Day(private val within: File, private val told: Told) {
    private val clock = HandClock()

    /** The profile of the person whose phone is looked at; closed. */
    val profile = File(within, "me")
    lateinit var pairing: Place.Pairing
        private set
    lateinit var group: Place.Group
        private set
    lateinit var attendance: Place.Attendance
        private set
    lateinit var service: Place.Service
        private set

    /** An invitation by somebody else. */
    lateinit var invitation: String
        private set

    suspend fun live() = also {
        Relay(within).use { relay ->
            val phones = listOf("me" to told.me, "other" to told.other, "third" to told.third).map { (folder, name) ->
                // The same keys each time, so that of two times the same one stands.
                Phone(File(within, folder), told.language, clock, random = SeededRandom(folder + told.language)).setUp(name, told.language)
            }
            val (me, other, third) = phones
            phones.forEach { SyncPresenter(it.session, it.scope).does(SyncEvent.SetRelay(relay.url)) }
            pair(me, other)
            checkIn(other)
            meet(me, other)
            val space = me.session.rafiq.directory.found(told.town, 30).space
            me.session.rafiq.directory.importPath(space, File(System.getProperty("basedir") ?: ".", "../../tests/samples/directory/services.json").path)
            service = me.session.rafiq.directory.search("dental", 1).single().let { Place.Service(space, it.id) }
            wait(me, third)
            PairingPresenter(me.session, pairing.id, me.scope).does(PairingEvent.AddGoal(told.goal))
            phones.forEach { it.close() }
        }
    }

    /** Two who are on the way together. */
    private suspend fun pair(me: Phone, other: Phone) {
        pairing = Place.Pairing(me.beginPairing("newcomer-mentoring", "mentor", told.pairing))
        invite(me, other, pairing.id.value)
        val (mine, theirs) = PairingPresenter(me.session, pairing.id, me.scope) to PairingPresenter(other.session, pairing.id, other.scope)
        theirs.does(PairingEvent.TakeRole("newcomer"))
        exchange(other, me)
        theirs.does(PairingEvent.AddGoal(told.otherGoal))
        mine.does(PairingEvent.ReachMilestone("first-phone-number"))
        mine.does(PairingEvent.LogContact(ContactKind.CALL, HelpKind.EMOTIONAL))
        theirs.does(PairingEvent.SetMeeting(START_MS + 26 * HOUR_MS, told.place))
        mine.does(PairingEvent.SetMeeting(START_MS + 50 * HOUR_MS, told.otherPlace))
        exchange(other, me)
    }

    private suspend fun checkIn(other: Phone) {
        val checkIn = CheckInPresenter(other.session, other.scope)
        checkIn.does(CheckInEvent.ChooseFeeling(2))
        checkIn.does(CheckInEvent.ToggleHelp(HelpKind.EMOTIONAL))
        checkIn.does(CheckInEvent.Next)
        checkIn.does(CheckInEvent.ChooseContact(ContactWish.THIS_WEEK))
        checkIn.does(CheckInEvent.ChooseShare(SharePairing(pairing.id.value)))
        checkIn.does(CheckInEvent.WriteNote(told.note))
        checkIn.does(CheckInEvent.Save)
    }

    /** A group that has met, and will meet again at one of two times. */
    private suspend fun meet(me: Phone, other: Phone) {
        val founded = TogetherPresenter(me.session, me.scope).does(TogetherEvent.FoundGroup(told.group, told.language, 12, told.place))
        group = founded.begun as Place.Group
        invite(me, other, group.id.value)
        val (mine, theirs) = GroupPresenter(me.session, group.id, me.scope) to GroupPresenter(other.session, group.id, other.scope)
        mine.does(GroupEvent.AddPerson(told.neighbour, told.language))
        val first = mine.does(GroupEvent.Schedule(START_MS + HOUR_MS, told.place, Modality.IN_PERSON)).sessions.single().session
        val next = mine.does(GroupEvent.Schedule(START_MS + 7 * DAY_MS, told.place, Modality.HYBRID)).sessions.first { it.session != first }.session
        exchange(me, other)
        mine.does(GroupEvent.Move(next, START_MS + 7 * DAY_MS + HOUR_MS))
        theirs.content { content -> content.sessions.any { it.session == next } }
        theirs.does(GroupEvent.Move(next, START_MS + 8 * DAY_MS))
        clock.now += 3 * HOUR_MS
        val marks = listOf(me, other).map { AttendancePresenter(it.session, first, it.scope) }
        val people = marks[0].content().people
        people.forEachIndexed { index, row ->
            marks.forEachIndexed { who, marking -> marking.does(AttendanceEvent.Mark(row.person, row.marks[if (index == 0) who else 0].value)) }
        }
        marks.forEach { it.does(AttendanceEvent.Save) }
        exchange(me, other)
        attendance = Place.Attendance(SessionId(first.value))
    }

    /** Somebody would like to join the group, and has an invitation to give, too. */
    private suspend fun wait(me: Phone, third: Phone) {
        val text = InvitePresenter(me.session, group.id.value, me.scope).does(InviteEvent.Make(Reach.REMOTE)).text!!
        me.exchange()
        val join = JoinPresenter(third.session, third.scope)
        join.does(JoinEvent.Read(text))
        join.does(JoinEvent.Accept)
        third.exchange()
        me.exchange()
        val theirs = third.beginPairing("buddy", "buddy", told.theirPairing)
        invitation = InvitePresenter(third.session, theirs.value, third.scope).does(InviteEvent.Make(Reach.REMOTE)).text!!
    }

    private suspend fun exchange(vararg phones: Phone) = repeat(2) { phones.forEach { it.exchange() } }

    companion object {
        /** When the day is looked back at. */
        const val EVENING_MS = START_MS + 3 * HOUR_MS
    }
}
