package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.NewGroup
import org.rafiq.NewPairing
import org.rafiq.Pairing
import org.rafiq.SupportGroup
import org.rafiq.SupportModelInfo

/** What is shared with others, and what can be begun. */
data class TogetherContent(
    val pairings: List<TogetherRow>,
    val groups: List<TogetherRow>,
    /** Nothing is shared yet, in a sentence. */
    val nothing: String?,
    val requests: List<RequestRow>,
    val models: List<ModelOffer>,
    /** For a new group. */
    val languages: List<LanguageChoice>,
    /** What was just begun: go there, then dismiss. */
    val begun: Place?,
    val remark: String?,
    val notice: String?,
)

/** A pairing or a group in a list. */
data class TogetherRow(val title: String, val line: String, val tone: Tone, val leadsTo: Place)

/** A kind of peer support to begin. */
data class ModelOffer(val model: String, val title: String, val about: String, val isNot: String, val roles: List<Choice<String>>)

/** What a person begins. */
sealed interface TogetherEvent {
    data class BeginPairing(val model: String, val role: String, val title: String) : TogetherEvent
    data class FoundGroup(val name: String, val language: String, val capacity: Int, val place: String) : TogetherEvent
    data object Refresh : TogetherEvent
    data object Dismiss : TogetherEvent
}

/** Everything that is shared with others. */
class TogetherPresenter(session: Session, scope: CoroutineScope) : SessionPresenter<TogetherContent, TogetherEvent>(session, scope) {
    private var begun: Place? = null

    init {
        begin()
    }

    override suspend fun look(): UiState<TogetherContent> {
        val pairings = session.ask { mentoring.list() }
        val groups = session.ask { groups.list() }
        val requests = session.ask { sharing.requests() }
        val models = session.models()
        val titles = pairings.associate { it.id.value to it.title } + groups.associate { it.id.value to it.name }
        val zone = session.zone
        return session.words.say {
            UiState.Content(
                TogetherContent(
                    pairings = pairings.map { pairing(it, zone) },
                    groups = groups.map { group(it) },
                    nothing = if (titles.isEmpty()) text("app-together-none") else null,
                    requests = requests.map { request(it, titles[it.space], zone) },
                    models = models.map { model(it) },
                    languages = languageChoices(session.words.spokenIn),
                    begun = begun,
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: TogetherEvent) {
        when (event) {
            is TogetherEvent.BeginPairing -> {
                val pairing = session.ask { mentoring.begin(NewPairing(event.model, event.role, event.title.trim())) }
                begun = Place.Pairing(pairing.id)
            }
            is TogetherEvent.FoundGroup -> {
                val group = session.ask { groups.found(NewGroup(event.name.trim(), event.language, event.capacity, event.place.trim())) }
                begun = Place.Group(group.id)
            }
            TogetherEvent.Refresh -> Unit
            TogetherEvent.Dismiss -> begun = null
        }
    }

    override fun noted(content: TogetherContent, notice: String?) = content.copy(notice = notice)

    private fun Sayer.pairing(pairing: Pairing, zone: String): TogetherRow {
        val next = pairing.nextMeeting
        val line = when {
            pairing.model.isEmpty() -> text("app-not-arrived")
            pairing.myRole == null -> text("app-role-ask")
            next == null -> text("session-none")
            next.others.isNotEmpty() -> text("conflict-meeting-time")
            else -> text("today-meeting", "date" to momentOf(next.value.meeting.startsAtMs, zone))
        }
        val asks = pairing.model.isNotEmpty() && (pairing.myRole == null || next?.others.orEmpty().isNotEmpty())
        return TogetherRow(apart(pairing.title), line, if (asks) Tone.ORDINARY else Tone.CALM, Place.Pairing(pairing.id))
    }

    private fun Sayer.group(group: SupportGroup): TogetherRow {
        val line = if (group.capacity == 0) text("app-not-arrived") else text("group-members", "count" to group.people)
        return TogetherRow(apart(group.name), line, Tone.CALM, Place.Group(group.id))
    }

    private fun Sayer.model(model: SupportModelInfo) = ModelOffer(
        model = model.id,
        title = text("model-${model.id}"),
        about = text("model-${model.id}-about"),
        isNot = text("model-${model.id}-not"),
        roles = model.roles.map { Choice(it.id, role(it.id)) },
    )
}
