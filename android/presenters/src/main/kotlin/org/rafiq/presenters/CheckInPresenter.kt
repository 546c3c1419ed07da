package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.ContactWish
import org.rafiq.Feeling
import org.rafiq.HelpKind
import org.rafiq.NewCheckIn
import org.rafiq.Pairing
import org.rafiq.Share
import org.rafiq.SharePairing
import org.rafiq.SharePrivate

/** A check-in on its way: three taps. */
data class CheckInContent(
    val step: CheckInStep,
    /** What this step asks; the heading. */
    val question: String,
    val faces: List<FaceChoice>,
    val helps: List<Choice<HelpKind>>,
    val contacts: List<Choice<ContactWish>>,
    val shareQuestion: String,
    /** Nobody else first, then each pairing. */
    val shares: List<Choice<Share>>,
    val noteQuestion: String,
    val note: String,
    /** After saving: that it is kept, and who will see it. */
    val kept: String?,
    /** After asking for contact today: what to do in danger. */
    val danger: String?,
    val remark: String?,
    val notice: String?,
)

/** The steps of a check-in. */
enum class CheckInStep { FEELING, HELP, CONTACT, KEPT }

/** One of five faces. */
data class FaceChoice(
    /** 1 (very hard) to 5 (very good). */
    val value: Int,
    val text: String,
    /** For a screen reader. */
    val description: String,
    val chosen: Boolean,
)

/** What a person does in a check-in. */
sealed interface CheckInEvent {
    /** 1 to 5; goes on to the next step. */
    data class ChooseFeeling(val value: Int) : CheckInEvent
    data class ToggleHelp(val help: HelpKind) : CheckInEvent
    data class ChooseContact(val wish: ContactWish) : CheckInEvent
    data class ChooseShare(val share: Share) : CheckInEvent
    data class WriteNote(val note: String) : CheckInEvent
    data object Next : CheckInEvent
    data object Back : CheckInEvent
    data object Save : CheckInEvent
    data object Again : CheckInEvent
    data object Dismiss : CheckInEvent
}

/** A check-in: a face, what would help, whether someone shall get in touch. Nobody else sees it unless one says so. */
class CheckInPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<CheckInContent, CheckInEvent>(session, scope) {
    private var draft = Draft()
    private var kept: Kept? = null

    init {
        begin()
    }

    override suspend fun act(event: CheckInEvent) = when (event) {
        is CheckInEvent.WriteNote -> { // at every key: nothing has to be read again
            draft = draft.copy(note = event.note)
            edit { copy(note = event.note) }
        }
        else -> super.act(event)
    }

    override suspend fun perform(event: CheckInEvent) {
        if (kept != null && event != CheckInEvent.Again) return
        when (event) {
            is CheckInEvent.ChooseFeeling ->
                draft = draft.copy(feeling = Feeling.entries.getOrNull(event.value - 1) ?: draft.feeling, step = CheckInStep.HELP)
            is CheckInEvent.ToggleHelp ->
                draft = draft.copy(helps = if (event.help in draft.helps) draft.helps - event.help else draft.helps + event.help)
            is CheckInEvent.ChooseContact -> draft = draft.copy(contact = event.wish)
            is CheckInEvent.ChooseShare -> draft = draft.copy(share = event.share)
            is CheckInEvent.WriteNote -> Unit
            CheckInEvent.Next -> if (draft.feeling != null) draft = draft.copy(step = CheckInStep.CONTACT)
            CheckInEvent.Back ->
                draft = draft.copy(step = if (draft.step == CheckInStep.CONTACT) CheckInStep.HELP else CheckInStep.FEELING)
            CheckInEvent.Save -> save()
            CheckInEvent.Again -> {
                draft = Draft()
                kept = null
            }
            CheckInEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: CheckInContent, notice: String?) = content.copy(notice = notice)

    private suspend fun save() {
        val feeling = draft.feeling ?: return
        if (draft.step != CheckInStep.CONTACT) return
        val helps = HelpKind.entries.filter { it in draft.helps }
        session.ask { checkIns.record(NewCheckIn(feeling, helps, draft.contact, draft.share, draft.note)) }
        kept = Kept(draft.contact, draft.share)
        draft = Draft(step = CheckInStep.KEPT)
    }

    override suspend fun look(): UiState<CheckInContent> {
        val pairings = session.ask { mentoring.list() }
        return session.words.say {
            UiState.Content(
                CheckInContent(
                    step = draft.step,
                    question = text(QUESTIONS.getValue(draft.step)),
                    faces = Feeling.entries.map {
                        FaceChoice(it.ordinal + 1, feeling(it), text("${feelingId(it)}.description"), it == draft.feeling)
                    },
                    helps = HelpKind.entries.map { Choice(it, help(it), it in draft.helps) },
                    contacts = ContactWish.entries.map { Choice(it, wish(it), it == draft.contact) },
                    shareQuestion = text("check-in-ask-share"),
                    shares = listOf(Choice<Share>(SharePrivate, text("share-private"), draft.share == SharePrivate)) + pairings.map {
                        val share = SharePairing(it.id.value)
                        Choice<Share>(share, text("app-share-with", "pairing" to it.title), share == draft.share)
                    },
                    noteQuestion = text("check-in-ask-note"),
                    note = draft.note,
                    kept = kept?.let { kept(it, pairings) },
                    danger = kept?.let { if (it.contact == ContactWish.TODAY) text("check-in-if-danger") else null },
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    private fun Sayer.kept(kept: Kept, pairings: List<Pairing>): String {
        val shared = kept.share as? SharePairing ?: return text("check-in-kept-private")
        val pairing = pairings.find { it.id.value == shared.pairing } ?: return text("app-saved")
        val others = pairing.people.filter { it.person != session.me }
        val hearer = others.find { it.person == pairing.responder } ?: others.singleOrNull()
        val name = hearer?.name ?: pairing.title
        return text(if (kept.contact == ContactWish.TODAY) "check-in-contact-today-noted" else "check-in-kept-shared", "name" to name)
    }

    private data class Draft(
        val step: CheckInStep = CheckInStep.FEELING,
        val feeling: Feeling? = null,
        val helps: Set<HelpKind> = emptySet(),
        val contact: ContactWish = ContactWish.NO,
        val share: Share = SharePrivate,
        val note: String = "",
    )

    private data class Kept(val contact: ContactWish, val share: Share)

    private companion object {
        val QUESTIONS = mapOf(
            CheckInStep.FEELING to "check-in-ask-feeling",
            CheckInStep.HELP to "check-in-ask-help",
            CheckInStep.CONTACT to "check-in-ask-contact",
            CheckInStep.KEPT to "check-in-title",
        )
    }
}
