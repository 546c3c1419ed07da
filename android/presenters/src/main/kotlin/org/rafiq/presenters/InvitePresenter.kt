package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.InviteText
import org.rafiq.JoinRequestId
import org.rafiq.RafiqException
import org.rafiq.Reach
import org.rafiq.SpaceKind

/** Inviting into one space, and letting in. */
data class InviteContent(
    /** What the space is called. */
    val title: String,
    val reaches: List<Choice<Reach>>,
    /** For the QR code, or to be sent; null before one was made. */
    val text: String?,
    /** Until when it holds. */
    val ends: String?,
    /** For whom it is. */
    val about: String,
    val requests: List<RequestRow>,
    val remark: String?,
    val notice: String?,
)

/** What a person does to let somebody in. */
sealed interface InviteEvent {
    data class Make(val reach: Reach) : InviteEvent
    data class Admit(val request: JoinRequestId) : InviteEvent
    data class Decline(val request: JoinRequestId) : InviteEvent
    data object Refresh : InviteEvent
    data object Dismiss : InviteEvent
}

/** Invites into one space, and lets in who has answered. */
class InvitePresenter(session: Session, private val space: String, scope: CoroutineScope) :
    SessionPresenter<InviteContent, InviteEvent>(session, scope) {
    private var invite: InviteText? = null
    private var reach: Reach? = null

    init {
        begin()
    }

    override suspend fun look(): UiState<InviteContent> {
        val (now, zone) = session.nowMs to session.zone
        val shared = session.ask { sharing.spaces() }.find { it.id == space } ?: throw RafiqException.NotFound()
        val requests = session.ask { sharing.requests() }.filter { it.space == space }
        val valid = invite?.takeIf { it.expiresAtMs > now }
        return session.words.say {
            UiState.Content(
                InviteContent(
                    title = apart(shared.title),
                    reaches = listOf(Reach.IN_PERSON to "app-invite-here", Reach.REMOTE to "app-invite-elsewhere")
                        .map { (value, word) -> Choice(value, text(word), value == reach) },
                    text = valid?.text,
                    ends = valid?.let { text("app-invite-ends", "date" to momentOf(it.expiresAtMs, zone)) },
                    about = text(if (shared.kind == SpaceKind.DIRECTORY) "app-invite-all" else "app-invite-once"),
                    requests = requests.map { request(it, null, zone) },
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: InviteEvent) {
        when (event) {
            is InviteEvent.Make -> {
                invite = session.ask { sharing.invite(space, event.reach) }
                reach = event.reach
            }
            is InviteEvent.Admit -> answer(event.request, "app-admitted") { session.ask { sharing.admit(event.request) } }
            is InviteEvent.Decline -> answer(event.request, "app-declined") { session.ask { sharing.decline(event.request) } }
            InviteEvent.Refresh, InviteEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: InviteContent, notice: String?) = content.copy(notice = notice)

    private suspend fun answer(request: JoinRequestId, said: String, answer: suspend () -> Unit) {
        val asking = session.ask { sharing.requests() }.find { it.id == request } ?: throw RafiqException.NotFound()
        answer()
        notice = session.words.say { text(said, "name" to asking.name) }
    }
}
