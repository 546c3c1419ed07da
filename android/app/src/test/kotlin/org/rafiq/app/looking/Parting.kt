package org.rafiq.app.looking

import org.rafiq.ContactWish
import org.rafiq.Feeling
import org.rafiq.NewCheckIn
import org.rafiq.SharePairing
import org.rafiq.presenters.CheckInsEvent
import org.rafiq.presenters.CheckInsPresenter
import org.rafiq.presenters.GroupEvent
import org.rafiq.presenters.GroupPresenter
import org.rafiq.presenters.HOUR_MS
import org.rafiq.presenters.HandClock
import org.rafiq.presenters.Phone
import org.rafiq.presenters.Place
import org.rafiq.presenters.Relay
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
 * What goes and what stands aside, on four phones over a real relay: words that one of the others no longer holds, others that can still
 * be taken back or be erased by a steward, somebody who has left, and what somebody wrote who had been taken out of a group.
 */
class Parting(private val within: File, private val told: Told) {
    private val clock = HandClock()

    /** The profile of the person whose phone is looked at; closed. */
    val profile = File(within, "me")

    suspend fun live() = also {
        Relay(within).use { relay ->
            val phones = listOf("me" to told.me, "other" to told.other, "third" to told.third, "fourth" to told.neighbour)
                .map { (folder, name) -> Phone(File(within, folder), told.language, clock).setUp(name, told.language) }
            val (me, other, third, fourth) = phones
            SyncPresenter(me.session, me.scope).does(SyncEvent.SetRelay(relay.url))
            val pairing = me.beginPairing("newcomer-mentoring", "newcomer", told.pairing)
            listOf(other, third, fourth).forEach { invite(me, it, pairing.value) }
            takeOut(me, third)
            val share = SharePairing(pairing.value)
            listOf(fourth, other, me).forEach { it.exchange() } // they have met
            fourth.session.rafiq.sharing.leave(pairing.value)
            other.session.rafiq.checkIns.record(NewCheckIn(Feeling.HARD, contact = ContactWish.NO, share = share, note = told.otherGoal))
            listOf(fourth, other).forEach { it.exchange() }
            clock.now += HOUR_MS
            me.session.rafiq.checkIns.record(NewCheckIn(Feeling.VERY_HARD, contact = ContactWish.NO, share = share, note = told.note))
            listOf(me, other, third).forEach { it.exchange() }
            val checkIns = CheckInsPresenter(me.session, me.scope)
            checkIns.does(CheckInsEvent.EraseWords(checkIns.content { content -> content.checkIns.any { it.isMine } }.checkIns.single { it.isMine }.id))
            clock.now += HOUR_MS
            me.session.rafiq.checkIns.record(NewCheckIn(Feeling.SO_SO, contact = ContactWish.NO, share = share, note = told.goal))
            repeat(2) { listOf(me, other).forEach { it.exchange() } } // the third is away
            me.exchange()
            phones.forEach { it.close() }
        }
    }

    /** Somebody has planned a meeting before they hear that they are no longer in the group. */
    private suspend fun takeOut(me: Phone, third: Phone) {
        val group = TogetherPresenter(me.session, me.scope).does(TogetherEvent.FoundGroup(told.group, told.language, 12, told.place)).begun as Place.Group
        invite(me, third, group.id.value)
        listOf(third, me).forEach { it.exchange() } // they have met there
        GroupPresenter(third.session, group.id, third.scope).does(GroupEvent.AddPerson(told.neighbour, told.language))
        third.exchange()
        me.session.rafiq.sharing.remove(group.id.value, third.session.rafiq.people.me()!!.id) // it was set up
        repeat(2) { me.exchange() }
    }
}
