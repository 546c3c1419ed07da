package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.CheckIn
import org.rafiq.CheckInFilter
import org.rafiq.CheckInId
import org.rafiq.Erasure
import org.rafiq.RafiqException
import org.rafiq.SharePairing
import org.rafiq.SpaceRole
import org.rafiq.WordsState
import org.rafiq.textId

/** One's own check-ins and those shared with one, the newest first. */
data class CheckInsContent(
    val checkIns: List<CheckInRow>,
    /** There are older ones. */
    val hasMore: Boolean,
    val remark: String?,
    val notice: String?,
)

/** One check-in. */
data class CheckInRow(
    val id: CheckInId,
    val name: String,
    val isMine: Boolean,
    /** 1 to 5, for the face. */
    val feeling: Int,
    val feelingText: String,
    val helps: List<String>,
    /** Whether they would like to be contacted, with its question. */
    val contact: String,
    val note: String,
    val at: String,
    /** With whom it is shared, in a sentence. */
    val seenBy: String,
    /** What to ask before the check-in is taken back; null where it cannot be. */
    val retractAsk: String?,
    /** What to ask before its words are erased: one's own, or, as a steward, somebody else's; null where they cannot be. */
    val eraseAsk: String?,
    /** Shared erased words are gone, and which phones have not said so yet: for whoever wrote them, and for stewards. */
    val receipt: List<String>,
)

/** What a person does with check-ins. */
sealed interface CheckInsEvent {
    data object More : CheckInsEvent

    /** Only one's own. Ask first, with [CheckInRow.retractAsk]. */
    data class Retract(val id: CheckInId) : CheckInsEvent

    /** Erases what was written; the check-in stays. One's own or, as a steward, somebody else's. Ask first, with [CheckInRow.eraseAsk]. */
    data class EraseWords(val id: CheckInId) : CheckInsEvent
    data object Refresh : CheckInsEvent
    data object Dismiss : CheckInsEvent
}

/** The check-ins that this phone holds. */
class CheckInsPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<CheckInsContent, CheckInsEvent>(session, scope) {
    private var wanted = PAGE

    /** What was erased on this phone; tests let it be unreadable. */
    internal var erasures: suspend () -> List<Erasure> = { session.ask { sync.erasures(MOST) } }

    init {
        begin()
    }

    override suspend fun look(): UiState<CheckInsContent> {
        val found = ArrayList<CheckIn>()
        var next: String? = null
        do {
            val page = session.ask { checkIns.list(CheckInFilter(), minOf(wanted - found.size, MOST), next) }
            found += page.items
            next = page.next
        } while (next != null && found.size < wanted)
        val titles = session.ask { mentoring.list() }.associate { it.id.value to it.title }
        val roles = session.ask { sharing.spaces() }.associate { it.id to it.role }
        val erased = found.filter { it.erasure != null && (it.isMine || isSteward(it, roles)) }.toSet()
        val erasures = if (erased.isEmpty()) emptyMap() else readErasures().associateBy { it.id }
        val rosters = session.rosters(erased.mapNotNull { (it.share as? SharePairing)?.pairing })
        val zone = session.zone
        return session.words.say {
            if (found.isEmpty()) UiState.Empty(text("app-check-ins-none"))
            else UiState.Content(
                CheckInsContent(
                    found.map {
                        val shared = shared(it, titles, roles)
                        row(it, shared, zone, if (it in erased) receipt(it, shared, erasures, rosters) else emptyList())
                    },
                    next != null, remark, notice,
                ),
            )
        }
    }

    override suspend fun perform(event: CheckInsEvent) {
        when (event) {
            CheckInsEvent.More -> wanted += PAGE
            is CheckInsEvent.Retract -> {
                session.ask { checkIns.retract(event.id) }
                notice = session.words.say { text("app-taken-back") }
            }
            is CheckInsEvent.EraseWords -> {
                val whose = (shown.value as? UiState.Content)?.content?.checkIns?.find { it.id == event.id }
                session.ask { checkIns.eraseWords(event.id) }
                notice = session.words.say {
                    if (whose?.isMine == false) text("app-words-erased", "name" to whose.name) else text("app-words-taken-back")
                }
            }
            CheckInsEvent.Refresh, CheckInsEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: CheckInsContent, notice: String?) = content.copy(notice = notice)

    /** Where a check-in is shared, and what one may do there. */
    private class Shared(val space: String?, val title: String, val isSteward: Boolean, val hasLeft: Boolean)

    private fun isSteward(checkIn: CheckIn, roles: Map<String, SpaceRole>) =
        (checkIn.share as? SharePairing)?.let { roles[it.pairing] } == SpaceRole.STEWARD

    private fun shared(checkIn: CheckIn, titles: Map<String, String>, roles: Map<String, SpaceRole>): Shared {
        val space = (checkIn.share as? SharePairing)?.pairing
        // Nobody is let into a pairing to read alone: who may no more than that has left, or was taken out.
        return Shared(space, space?.let { titles[it] }.orEmpty(), isSteward(checkIn, roles), space != null && roles[space] == SpaceRole.READER)
    }

    /** Where they cannot be read at all, each receipt says that it is not known. */
    private suspend fun readErasures(): List<Erasure> = try {
        erasures()
    } catch (error: RafiqException) {
        if (!error.isOfOneSpace) throw error
        emptyList()
    }

    /**
     * Phone by phone; somebody's phones together. The other phones are told of with the exchange, and say so with theirs. Who has left is
     * told of nothing, and nobody hears of it from whoever has left.
     */
    private fun Sayer.receipt(checkIn: CheckIn, shared: Shared, erasures: Map<String, Erasure>, rosters: Rosters): List<String> {
        val here = text("app-erased-here")
        val devices = checkIn.erasure?.let { erasures[it.value] }?.devices.orEmpty()
        if (devices.isEmpty()) return listOf(here, text("app-erased-unknown")) // their space cannot be read, or it was long ago
        val space = shared.space.orEmpty()
        val there = devices.filter { !it.isThis }.groupBy { it.person }.map { (person, phones) ->
            val word = if (phones.all { it.confirmed }) "app-erased-there" else "app-erased-unconfirmed"
            text(word, "name" to (rosters.name(space, person) ?: session.words[Word.SOMEBODY]))
        }
        val known = devices.mapTo(HashSet()) { it.person }
        val gone = rosters.of(space).filter { !it.isMe && it.enteredBy == null && it.id.value !in known }
            .map { text("app-erased-gone", "name" to it.name.ifEmpty { session.words[Word.SOMEBODY] }) }
        return listOf(here) + there + gone + if (shared.hasLeft) listOf(text("app-erased-left", "space" to shared.title)) else emptyList()
    }

    private fun Sayer.row(checkIn: CheckIn, shared: Shared, zone: String, receipt: List<String>) = CheckInRow(
        id = checkIn.id,
        name = if (checkIn.isMine) text("app-you") else apart(checkIn.name),
        isMine = checkIn.isMine,
        feeling = checkIn.feeling.ordinal + 1,
        feelingText = feeling(checkIn.feeling),
        helps = checkIn.helps.map { help(it) },
        contact = wished(checkIn.contact),
        note = checkIn.words.textId?.let { text(it) } ?: checkIn.note,
        at = moment(checkIn.atMs, zone),
        seenBy = if (shared.space == null) text("app-shared-with-nobody") else text("app-shared-with", "space" to shared.title),
        retractAsk = retractAsk(checkIn, shared),
        eraseAsk = if (checkIn.words == WordsState.HERE) eraseAsk(checkIn, shared) else null,
        receipt = receipt,
    )

    /** What becomes of it where: truly, also of those who are not told. */
    private fun Sayer.retractAsk(checkIn: CheckIn, shared: Shared): String? = when {
        !checkIn.isMine || shared.hasLeft -> null // who has left writes nothing there any more
        shared.space == null -> text("app-take-back-ask-private")
        else -> text("app-take-back-ask", "space" to shared.title)
    }

    private fun Sayer.eraseAsk(checkIn: CheckIn, shared: Shared): String? = when {
        !checkIn.isMine && !shared.isSteward -> null
        !checkIn.isMine -> text("app-erase-theirs-ask", "name" to checkIn.name.ifEmpty { session.words[Word.SOMEBODY] }, "space" to shared.title)
        shared.space == null -> text("app-erase-words-ask-private")
        shared.hasLeft -> text("app-erase-words-ask-left", "space" to shared.title)
        else -> text("app-erase-words-ask", "space" to shared.title)
    }

    private companion object {
        const val PAGE = 20

        /** The most that the library gives at once. */
        const val MOST = 500
    }
}
