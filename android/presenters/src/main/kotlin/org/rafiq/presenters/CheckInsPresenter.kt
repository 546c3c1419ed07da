package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.CheckIn
import org.rafiq.CheckInFilter
import org.rafiq.CheckInId
import org.rafiq.Erasure
import org.rafiq.SharePairing
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
    val contact: String,
    val note: String,
    val at: String,
    /** Who may see it. */
    val seenBy: String,
    /** There are words of one's own that can be taken back. */
    val canErase: Boolean,
    /** Where the words that were taken back are gone, and which phones have not said so yet. */
    val receipt: List<String>,
)

/** What a person does with check-ins. */
sealed interface CheckInsEvent {
    data object More : CheckInsEvent

    /** Only one's own. Ask first. */
    data class Retract(val id: CheckInId) : CheckInsEvent

    /** Takes back what was written; the check-in stays. Only one's own. Ask first. */
    data class EraseWords(val id: CheckInId) : CheckInsEvent
    data object Refresh : CheckInsEvent
    data object Dismiss : CheckInsEvent
}

/** The check-ins that this phone holds. */
class CheckInsPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<CheckInsContent, CheckInsEvent>(session, scope) {
    private var wanted = PAGE

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
        val erased = found.filter { it.isMine && it.erasure != null }
        val erasures = if (erased.isEmpty()) emptyMap() else session.ask { sync.erasures(MOST) }.associateBy { it.id }
        val names = erased.mapNotNull { (it.share as? SharePairing)?.pairing }.distinct().flatMap { space -> session.ask { people.list(space) } }
            .associate { it.id.value to it.name }
        val zone = session.zone
        return session.words.say {
            if (found.isEmpty()) UiState.Empty(text("app-check-ins-none"))
            else UiState.Content(
                CheckInsContent(found.map { row(it, titles, zone, receipt(it, erasures, names)) }, next != null, remark, notice),
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
                session.ask { checkIns.eraseWords(event.id) }
                notice = session.words.say { text("app-words-taken-back") }
            }
            CheckInsEvent.Refresh, CheckInsEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: CheckInsContent, notice: String?) = content.copy(notice = notice)

    /** Phone by phone; somebody's phones together. The other phones are told of with the exchange, and say so with theirs. */
    private fun Sayer.receipt(checkIn: CheckIn, erasures: Map<String, Erasure>, names: Map<String, String>): List<String> {
        val erasure = checkIn.erasure?.takeIf { checkIn.isMine }?.let { erasures[it.value] } ?: return emptyList()
        val others = erasure.devices.filter { !it.isThis }.groupBy { it.person }
        return listOf(text("app-erased-here")) + others.map { (person, phones) ->
            val word = if (phones.all { it.confirmed }) "app-erased-there" else "app-erased-unconfirmed"
            text(word, "name" to (names[person] ?: session.words[Word.SOMEBODY]))
        }
    }

    private fun Sayer.row(checkIn: CheckIn, titles: Map<String, String>, zone: String, receipt: List<String>) = CheckInRow(
        id = checkIn.id,
        name = if (checkIn.isMine) text("app-you") else apart(checkIn.name),
        isMine = checkIn.isMine,
        feeling = checkIn.feeling.ordinal + 1,
        feelingText = feeling(checkIn.feeling),
        helps = checkIn.helps.map { help(it) },
        contact = wish(checkIn.contact),
        note = checkIn.words.textId?.let { text(it) } ?: checkIn.note,
        at = moment(checkIn.atMs, zone),
        seenBy = when (val share = checkIn.share) {
            is SharePairing -> titles[share.pairing]?.let(::apart).orEmpty()
            else -> text("share-private")
        },
        canErase = checkIn.isMine && checkIn.words == WordsState.HERE,
        receipt = receipt,
    )

    private companion object {
        const val PAGE = 20

        /** The most that the library gives at once. */
        const val MOST = 500
    }
}
