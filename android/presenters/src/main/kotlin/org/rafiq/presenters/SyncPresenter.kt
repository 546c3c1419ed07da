package org.rafiq.presenters

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import org.rafiq.HeldItem
import org.rafiq.RafiqException
import org.rafiq.Received
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
    val held: List<HeldRow>,
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

/** What a person does about exchanging. */
sealed interface SyncEvent {
    data object ExchangeNow : SyncEvent
    data class SetRelay(val url: String) : SyncEvent
    data object Refresh : SyncEvent
    data object Dismiss : SyncEvent
}

/** Exchanges with the relays, and shows how that stands. */
class SyncPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<SyncContent, SyncEvent>(session, scope) {
    private var running = false

    init {
        begin()
    }

    override suspend fun look(): UiState<SyncContent> {
        val zone = session.zone
        val status = session.ask { sync.status() }
        val held = if (status.waiting + status.quarantined > 0) session.ask { sync.heldItems(MOST_HELD) } else emptyList()
        val home = session.ask { sync.homeRelay() }
        val relays = session.ask { sync.relays() }
        val names = status.waitingFor.map { it.space }.distinct().flatMap { space -> session.ask { people.list(space) } }
            .associate { it.id.value to it.name }
        val last = status.relays.maxOfOrNull { it.lastExchangeMs }
        val waiting = status.unsentChanges + status.outbox
        return session.words.say {
            UiState.Content(
                SyncContent(
                    last = if (last == null) text("sync-never") else text("sync-last", "date" to momentOf(last, zone)),
                    waiting = if (waiting == 0L && last != null) text("sync-up-to-date") else text("sync-waiting", "count" to waiting),
                    waitingFor = waitingFor(status.waitingFor, names),
                    bytes = if (last == null) null else text(
                        "app-exchange-bytes",
                        "sent" to kilobytes(status.relays.sumOf { it.bytesSent }), "received" to kilobytes(status.relays.sumOf { it.bytesReceived }),
                    ),
                    held = held.map { row(it, zone) },
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
            val answers = aside { work.aside { whileShown { session.ask { exchange(carrier = session.carrier) } } } } // cut off without loss
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

    private fun Sayer.outcome(answers: List<Received>): String {
        val delivered = answers.flatMap { it.delivered }
        return when {
            answers.any { it.retryAfterS != null } -> text("app-relay-trouble")
            delivered.isEmpty() -> text("sync-up-to-date")
            else -> text("sync-received", "count" to delivered.size)
        }
    }

    private fun Sayer.waitingFor(waiting: List<WaitingFor>, names: Map<String, String>): List<String> =
        waiting.mapNotNull { names[it.person] }.distinct().map { text("sync-waiting-for-phone", "name" to it) }

    private fun Sayer.row(item: HeldItem, zone: String): HeldRow {
        val word = when (item.standing) {
            Standing.WAITING -> if (item.reason == "removed") "app-held-removed" else "app-held-waiting"
            Standing.REFUSED -> "app-held-refused"
            Standing.LOCAL_QUARANTINE -> "app-held-doubtful"
        }
        return HeldRow(item.id, text(word), moment(item.arrivedMs, zone), item.reason)
    }

    private fun kilobytes(bytes: Long): Long = (bytes + 1023) / 1024

    private companion object {
        const val MOST_HELD = 50
    }
}
