package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.AlertId
import org.rafiq.Arg
import org.rafiq.ArgText
import org.rafiq.DueItem
import org.rafiq.DueKind
import org.rafiq.PairingId
import org.rafiq.ReceivedAlert
import org.rafiq.Said
import org.rafiq.SessionId
import org.rafiq.SupportGroupId
import org.rafiq.SyncStatus

/** What is due today. */
data class TodayContent(
    /** Today's date. */
    val date: String,
    /** Somebody asks for a person: first and apart from all else. */
    val alerts: List<AlertRow>,
    val due: List<DueRow>,
    /** Nothing is due, in a sentence. */
    val nothing: String?,
    /** How many wait to be let in, where; a row each pairing or group. */
    val openRequests: Int,
    val requests: List<WaitingRow>,
    /** How sync stands, in one line. */
    val sync: String,
    val remark: String?,
    val notice: String?,
)

/** Somebody asks to be contacted. */
data class AlertRow(
    val alert: AlertId,
    val text: String,
    val at: String,
    /** Nobody vouches for who wrote it, in a sentence; shown all the same. */
    val unconfirmed: String?,
    val leadsTo: Place?,
)

/** Some wait to be let in. */
data class WaitingRow(
    /** The pairing or group. */
    val title: String,
    val text: String,
    val leadsTo: Place,
)

/** Something that is due. */
data class DueRow(
    val id: String,
    /** The pairing or group that it concerns, to be read first; null where that is not known. */
    val title: String?,
    val text: String,
    /** Where, by when; a line each. */
    val details: List<String>,
    val tone: Tone,
    val leadsTo: Place?,
    /** What "done" completes, for a step of a plan. */
    val completes: TodayEvent.CompleteStep?,
)

/** What a person does on today's screen. */
sealed interface TodayEvent {
    data class Settle(val alert: AlertId) : TodayEvent
    data class CompleteStep(val pairing: PairingId, val step: String) : TodayEvent
    data object Refresh : TodayEvent
    data object Dismiss : TodayEvent
}

/** The first screen: what is due now. Reads rows alone, in five calls into the library; a sixth where something does not name its space. */
class TodayPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<TodayContent, TodayEvent>(session, scope) {
    init {
        begin()
    }

    override suspend fun look(): UiState<TodayContent> {
        val (now, zone) = session.nowMs to session.zone
        val due = session.ask { today.list(now, zone) }
        val alerts = session.ask { safety.alerts() }
        val requests = session.ask { sharing.requests() }
        val status = session.ask { sync.status() }
        val isNameless = requests.isNotEmpty() || due.any { it.kind != DueKind.ALERT && title(it) == null }
        val names = if (isNameless) session.ask { sharing.spaces() }.associate { it.id to it.title } else emptyMap()
        return session.words.say {
            val rows = due.filter { it.kind != DueKind.ALERT }.map { row(it, names, now, zone) }
            UiState.Content(
                TodayContent(
                    date = text("app-date", "date" to dayOf(now, zone)),
                    alerts = alerts.map { alert(it, zone) },
                    due = rows,
                    nothing = if (rows.isEmpty() && alerts.isEmpty()) text("today-nothing") else null,
                    openRequests = requests.size,
                    requests = requests.groupBy { it.space }.map { (space, asking) ->
                        WaitingRow(apart(names[space].orEmpty()), text("app-requests", "count" to asking.size), Place.Invite(space))
                    },
                    sync = sync(status, zone),
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: TodayEvent) {
        when (event) {
            is TodayEvent.Settle -> session.ask { safety.settle(event.alert) }
            is TodayEvent.CompleteStep -> session.ask { mentoring.completeStep(event.pairing, event.step) }
            TodayEvent.Refresh, TodayEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: TodayContent, notice: String?) = content.copy(notice = notice)

    private fun Sayer.alert(alert: ReceivedAlert, zone: String) = AlertRow(
        alert = alert.id,
        text = text("alert-contact-today", "name" to alert.name), // also of a kind that only a newer app knows
        at = moment(alert.atMs, zone),
        unconfirmed = if (alert.confirmed) null else text("app-unconfirmed"),
        leadsTo = alert.space?.let { Place.Pairing(PairingId(it)) },
    )

    private fun title(item: DueItem): String? = TITLES.firstNotNullOfOrNull { item.args[it] }

    private fun Sayer.row(item: DueItem, names: Map<String, String>, now: Long, zone: String): DueRow {
        val values = item.args.mapValues<String, String, Arg> { (_, value) -> ArgText(value) } + ("date" to momentOf(item.dueFromMs, zone))
        val isStep = item.kind == DueKind.STEP || item.kind == DueKind.WATCH
        return DueRow(
            id = item.id,
            title = (title(item) ?: names[item.space])?.ifEmpty { null }?.let(::apart),
            text = text(Said(item.textId, values)),
            details = listOfNotNull(
                item.args["place"]?.let { text("session-place", "place" to it) },
                if (isStep) due(item.dueByMs, now, zone) else null,
            ),
            tone = when (item.kind) {
                DueKind.ALERT -> Tone.URGENT
                DueKind.WATCH -> tone(isWatch = true, item.dueByMs, now)
                DueKind.GOAL -> Tone.CALM
                else -> Tone.ORDINARY
            },
            leadsTo = place(item, now),
            completes = if (isStep) TodayEvent.CompleteStep(PairingId(item.space), item.target) else null,
        )
    }

    private fun place(item: DueItem, now: Long): Place? = when (item.kind) {
        DueKind.ALERT -> item.space.ifEmpty { null }?.let { Place.Pairing(PairingId(it)) }
        DueKind.CONFLICT -> when {
            item.textId == "today-attendance-conflict" -> Place.Attendance(SessionId(item.target))
            item.target == item.space -> Place.Pairing(PairingId(item.space))
            else -> Place.Group(SupportGroupId(item.space))
        }
        DueKind.SESSION ->
            if (item.dueFromMs <= now) Place.Attendance(SessionId(item.target)) else Place.Group(SupportGroupId(item.space))
        else -> Place.Pairing(PairingId(item.space))
    }

    private fun Sayer.sync(status: SyncStatus, zone: String): String {
        val waiting = status.unsentChanges + status.outbox
        val last = status.relays.maxOfOrNull { it.lastExchangeMs }
        return when {
            last == null -> text("sync-never")
            waiting > 0 -> text("sync-waiting", "count" to waiting)
            else -> text("sync-last", "date" to momentOf(last, zone))
        }
    }

    private companion object {
        /** The values of a due item that say with whom it is. */
        val TITLES = setOf("title", "pairing", "group")
    }
}
