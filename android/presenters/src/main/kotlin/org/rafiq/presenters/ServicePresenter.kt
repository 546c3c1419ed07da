package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.ArgPhone
import org.rafiq.ReportKind
import org.rafiq.Service
import org.rafiq.ServicePhone
import org.rafiq.ServicePlace
import org.rafiq.ServiceSchedule
import org.rafiq.ServiceText

/** Everything a person needs of one service. */
data class ServiceContent(
    val name: String,
    val organization: String,
    /** What to know right now. */
    val alert: String?,
    /** It is closed, in a sentence. */
    val closed: String?,
    val description: String,
    /** The description is not in the person's language, in a sentence. */
    val descriptionRemark: String?,
    val freshness: String,
    val tone: Tone,
    val phones: List<PhoneRow>,
    /** The number to call, for the main action; null where none can be dialled, and while it is closed. */
    val main: PhoneRow?,
    /** As listed, a line each. */
    val hours: List<String>,
    /** A place each, in lines. */
    val places: List<List<String>>,
    /** For whom, how to apply, what it costs, what to bring, … */
    val sections: List<ServiceSection>,
    val languages: List<String>,
    val website: String?,
    val email: String?,
    val reports: List<Choice<ReportKind>>,
    val remark: String?,
    val notice: String?,
)

/** A telephone number. */
data class PhoneRow(
    /** As the source wrote it, always left to right. */
    val number: String,
    /** "Call: …", for the button and the screen reader. */
    val call: String,
    /** For the dialler; empty when it cannot be dialled. */
    val dial: String,
    val description: String,
)

/** A heading and its lines. */
data class ServiceSection(val title: String, val lines: List<String>)

/** What a person tells of a service. */
sealed interface ServiceEvent {
    data class Report(val kind: ReportKind, val note: String) : ServiceEvent
    data object Refresh : ServiceEvent
    data object Dismiss : ServiceEvent
}

/** One service of a directory. */
class ServicePresenter(session: Session, private val space: String, private val id: String, scope: CoroutineScope) :
    SessionPresenter<ServiceContent, ServiceEvent>(session, scope) {
    init {
        begin()
    }

    override suspend fun look(): UiState<ServiceContent> {
        val service = session.ask { directory.service(space, id, session.words.tag.substringBefore("-u-")) }
        return session.words.say {
            val closed = closed(service.status)
            val phones = service.phones.map { phone(it) }
            UiState.Content(
                ServiceContent(
                    name = apart(service.name.text),
                    organization = written(service.organization),
                    alert = service.alert?.text,
                    closed = closed,
                    description = written(service.description),
                    descriptionRemark = if (service.description?.fallback == true) text("app-other-language") else null,
                    freshness = freshness(service.freshness, service.assuredDate),
                    tone = tone(service.freshness),
                    phones = phones,
                    main = if (closed == null) phones.find { it.dial.isNotEmpty() } else null,
                    hours = service.schedules.flatMap { hours(it) }.distinct(),
                    places = service.places.map(::place).filter { it.isNotEmpty() },
                    sections = sections(service),
                    languages = languageNames(service.languages),
                    website = service.url.ifEmpty { null }?.let(::leftToRight),
                    email = service.email.ifEmpty { null }?.let(::leftToRight),
                    reports = REPORTS.map { (kind, word) -> Choice(kind, text(word)) },
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: ServiceEvent) {
        when (event) {
            is ServiceEvent.Report -> {
                session.ask { directory.report(space, id, event.kind, event.note.trim()) }
                notice = session.words.say { text("directory-report-thanks") }
            }
            ServiceEvent.Refresh, ServiceEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: ServiceContent, notice: String?) = content.copy(notice = notice)

    private fun Sayer.phone(phone: ServicePhone) = PhoneRow(
        number = leftToRight(listOf(phone.number, phone.extension).filter { it.isNotEmpty() }.joinToString(" – ")),
        call = text("directory-call", "phone" to ArgPhone(phone.number)),
        dial = phone.dial,
        description = phone.description,
    )

    /** A line a weekday, as the source lists it; what it says in words stands as it is. */
    private fun Sayer.hours(schedule: ServiceSchedule): List<String> {
        val times = if (schedule.opensAt.isEmpty() && schedule.closesAt.isEmpty()) emptyList() else {
            val days = schedule.byday.split(',').map { it.trim() }.filter { it.isNotEmpty() }
            days.map { text("app-hours-line", "day" to it, "opens" to schedule.opensAt, "closes" to schedule.closesAt) }
                .ifEmpty { listOf(leftToRight("${schedule.opensAt} – ${schedule.closesAt}")) }
        }
        return times + listOf(schedule.description, schedule.notes).filter { it.isNotEmpty() }.map(::apart)
    }

    private fun place(place: ServicePlace): List<String> = listOf(
        place.name, place.address1, place.address2, "${place.postalCode} ${place.city}".trim(), place.transportation, place.accessibility, place.url,
    ).filter { it.isNotEmpty() }.map(::apart)

    private fun Sayer.sections(service: Service): List<ServiceSection> = listOf(
        "app-for-whom" to listOf(written(service.eligibilityDescription)),
        "app-how-to-apply" to listOf(written(service.applicationProcess)),
        "app-costs" to listOf(written(service.feesDescription)) + service.costs,
        "app-to-bring" to service.requiredDocuments,
        "app-interpreting" to listOf(written(service.interpretationServices)),
        "app-waiting-time" to listOf(written(service.waitTime)),
    ).map { (title, lines) -> title to lines.filter { it.isNotEmpty() } }
        .filter { (_, lines) -> lines.isNotEmpty() }
        .map { (title, lines) -> ServiceSection(text(title), lines) }

    private fun written(text: ServiceText?): String = text?.text.orEmpty()

    private companion object {
        val REPORTS = listOf(
            ReportKind.WRONG_NUMBER to "directory-report-wrong-number",
            ReportKind.CLOSED to "directory-report-closed",
            ReportKind.OTHER to "directory-report-other",
        )
    }
}
