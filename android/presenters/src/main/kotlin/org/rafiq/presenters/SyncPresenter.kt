package org.rafiq.presenters

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import org.rafiq.HeldItem
import org.rafiq.HeldWork
import org.rafiq.MeteredLine
import org.rafiq.PersonRef
import org.rafiq.RafiqException
import org.rafiq.Received
import org.rafiq.SharedSpace
import org.rafiq.SpaceProgress
import org.rafiq.SpaceRole
import org.rafiq.Standing
import org.rafiq.WaitingFor

/** How exchanging stands. */
data class SyncContent(
    val last: String,
    /** What waits to be sent, or that everything is up to date. */
    val waiting: String,
    /** "Waiting for Amina's phone". */
    val waitingFor: List<String>,
    /** How much went over the line; null before anything did. */
    val bytes: String?,
    /** While it is running: how far it is with each space, as far as the relay has said; a sentence each. */
    val progress: List<String>,
    /** How much waits for a line that does not cost by the amount; null for nothing. */
    val unmetered: String?,
    /** Whether large things may use a line that costs; empty as long as nothing was large. None is chosen by whoever was not asked yet. */
    val metered: List<Choice<MeteredLine>>,
    val held: List<HeldRow>,
    val work: List<WorkRow>,
    /** Of which spaces it cannot be said what stands aside, a sentence each. */
    val unread: List<String>,
    /** The relay of what is founded here; empty for none. */
    val relay: String,
    /** There is no relay at all, in a sentence. */
    val noRelay: String?,
    val running: Boolean,
    val remark: String?,
    val notice: String?,
)

/** Something that stands aside. */
data class HeldRow(
    val id: String,
    val text: String,
    val at: String,
    /** One stable word for those who help: not a sentence. */
    val reason: String,
)

/** What waits of somebody who had been taken out of a space when they wrote it. */
data class WorkRow(
    val space: String,
    val person: PersonRef,
    /** Whose it is, and how much. */
    val text: String,
    /** What the space is called. */
    val title: String,
    val at: String,
    val about: String,
    /** This profile may take it into the space after all. */
    val canKeep: Boolean,
)

/** What a person does about exchanging. */
sealed interface SyncEvent {
    data object ExchangeNow : SyncEvent
    data class SetRelay(val url: String) : SyncEvent

    /** Whether large things may use a line that costs by the amount. */
    data class SetMetered(val choice: MeteredLine) : SyncEvent

    /** Takes in what waits of somebody who was taken out. Only a steward. Ask first. */
    data class Keep(val space: String, val person: PersonRef) : SyncEvent
    data object Refresh : SyncEvent
    data object Dismiss : SyncEvent
}

/** Exchanges with the relays, and shows how that stands. */
class SyncPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<SyncContent, SyncEvent>(session, scope) {
    private var running = false

    /** What stands aside, and whose work is held in a space; tests put something else there, such as a space that cannot be read. */
    internal var heldItems: suspend () -> List<HeldItem> = { session.ask { sync.heldItems(MOST_HELD) } }
    internal var heldWork: suspend (SharedSpace) -> List<HeldWork> = { space -> session.ask { sharing.heldWork(space.id) } }

    init {
        begin()
    }

    override suspend fun look(): UiState<SyncContent> {
        val zone = session.zone
        val status = session.ask { sync.status() }
        val held = if (status.waiting + status.quarantined > 0) heldItems() else emptyList()
        // Not only where one of those items is listed: it may be behind many others.
        val work = if (status.waiting > 0) work() else Answers(emptyList(), emptyList())
        val covered = work.found.sumOf { it.held.entries } >= held.count { it.reason == REMOVED } // said once is enough
        val progress = if (running) session.ask { sync.progress() } else emptyList()
        val titles = if (progress.isEmpty()) emptyMap() else session.ask { sharing.spaces() }.associate { it.id to it.title }
        val home = session.ask { sync.homeRelay() }
        val relays = session.ask { sync.relays() }
        val rosters = session.rosters(status.waitingFor.map { it.space })
        val last = status.relays.maxOfOrNull { it.lastExchangeMs }
        val waiting = status.unsentChanges + status.outbox
        return session.words.say {
            UiState.Content(
                SyncContent(
                    last = if (last == null) text("sync-never") else text("sync-last", "date" to momentOf(last, zone)),
                    waiting = if (waiting == 0L && last != null) text("sync-up-to-date") else text("sync-waiting", "count" to waiting),
                    waitingFor = waitingFor(status.waitingFor, rosters),
                    bytes = if (last == null) null else text(
                        "app-exchange-bytes",
                        "sent" to kilobytes(status.relays.sumOf { it.bytesSent }), "received" to kilobytes(status.relays.sumOf { it.bytesReceived }),
                    ),
                    progress = progress.mapNotNull { progress(it, titles) },
                    unmetered = if (status.unmeteredBytes == 0L) null else text("app-unmetered", "size" to kilobytes(status.unmeteredBytes)),
                    metered = if (status.unmeteredBytes == 0L && status.meteredLine == null) emptyList()
                    else MeteredLine.entries.map { Choice(it, text(METERED.getValue(it)), it == status.meteredLine) },
                    held = held.filter { !covered || it.reason != REMOVED }.map { row(it, zone) },
                    work = work.found.map { row(it, zone) },
                    unread = work.unread.map { text("app-unread-space", "space" to it.title) },
                    relay = home,
                    noRelay = if (home.isEmpty() && relays.isEmpty()) text("app-relay-none") else null,
                    running = running,
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: SyncEvent) {
        when (event) {
            SyncEvent.ExchangeNow -> if (!running) exchange()
            is SyncEvent.SetRelay -> session.ask { sync.setHomeRelay(event.url.trim()) }
            is SyncEvent.SetMetered -> {
                session.ask { sync.setMeteredLine(event.choice) }
                notice = session.words.say { text("app-saved") }
            }
            is SyncEvent.Keep -> {
                session.ask { sharing.keep(event.space, event.person) }
                notice = session.words.say { text("app-kept") }
            }
            SyncEvent.Refresh, SyncEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: SyncContent, notice: String?) = content.copy(notice = notice)

    private suspend fun exchange() {
        running = true
        show()
        try {
            if (session.ask { sync.relays() }.isEmpty()) {
                notice = session.words.say { text("app-relay-none") }
                return
            }
            val answers = aside { work.aside { whileShown { session.ask { exchange(budget = session.budget(AT_ONCE), carrier = session.carrier) } } } } // cut off without loss
            notice = session.words.say { outcome(answers) }
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (error: RafiqException) {
            // An answer that was none: the line was cut, or something between here and the relay answered.
            if (error !is RafiqException.Invalid) throw error
            notice = session.words.say { text("sync-interrupted") }
        } catch (_: Exception) { // whatever a carrier throws
            notice = session.words.say { text("sync-interrupted") }
        } finally {
            running = false
        }
    }

    /** Of what came, what was new and taken: what a relay tells once more, and what stands aside, is no change. */
    private fun Sayer.outcome(answers: List<Received>): String = when {
        answers.any { it.retryAfterS != null } -> text("app-relay-trouble")
        answers.all { it.delivered.isEmpty() } -> text("sync-up-to-date")
        else -> text("sync-received", "count" to answers.sumOf { it.taken })
    }

    private fun Sayer.waitingFor(waiting: List<WaitingFor>, rosters: Rosters): List<String> =
        waiting.mapNotNull { waited -> waited.person?.let { rosters.name(waited.space, it) } }.distinct()
            .map { text("sync-waiting-for-phone", "name" to it) }

    /** Work that is held, where, and whose. */
    private class Aside(val space: SharedSpace, val held: HeldWork, val name: String)

    private suspend fun work(): Answers<Aside> = session.ask { sharing.spaces() }.answers { space ->
        val held = heldWork(space)
        val rosters = session.rosters(if (held.isEmpty()) emptyList() else listOf(space.id))
        held.map { Aside(space, it, rosters.name(space.id, it.person.value) ?: session.words[Word.SOMEBODY]) }
    }

    private fun Sayer.row(aside: Aside, zone: String): WorkRow {
        val canKeep = aside.space.role == SpaceRole.STEWARD
        return WorkRow(
            aside.space.id, aside.held.person, text("app-held-work", "count" to aside.held.entries, "name" to aside.name),
            apart(aside.space.title), moment(aside.held.sinceMs, zone), text(if (canKeep) "app-held-work-about" else "app-held-removed"), canKeep,
        )
    }

    private fun Sayer.row(item: HeldItem, zone: String): HeldRow {
        val word = when (item.standing) {
            Standing.WAITING -> if (item.reason == REMOVED) "app-held-removed" else "app-held-waiting"
            Standing.REFUSED -> if (item.reason == FORK) "app-held-fork" else "app-held-refused"
            Standing.LOCAL_QUARANTINE -> "app-held-doubtful"
        }
        return HeldRow(item.id, text(word), moment(item.arrivedMs, zone), item.reason)
    }

    private fun Sayer.progress(of: SpaceProgress, titles: Map<String, String>): String? {
        val (done, total) = ("done" to kilobytes(of.doneBytes)) to ("total" to kilobytes(of.totalBytes))
        val space = of.space ?: return text("app-exchange-progress-own", done, total)
        return titles[space]?.let { text("app-exchange-progress", "space" to it, done, total) }
    }

    private fun kilobytes(bytes: Long): Long = (bytes + 1023) / 1024

    private companion object {
        const val MOST_HELD = 50

        /** Bytes of one request and of one answer. */
        const val AT_ONCE = 512L * 1024
        val METERED = mapOf(MeteredLine.WAIT to "app-metered-wait", MeteredLine.USE to "app-metered-use")

        /** Why something is held whose author had been taken out. */
        const val REMOVED = "removed"

        /** Why something fell that was signed in a place where something else stands. */
        const val FORK = "fork"
    }
}
