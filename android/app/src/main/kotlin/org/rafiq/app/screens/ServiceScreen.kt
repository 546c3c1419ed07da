package org.rafiq.app.screens

import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import org.rafiq.app.look.Field
import org.rafiq.app.look.Look
import org.rafiq.app.look.Palette
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.SideButton
import org.rafiq.app.look.Stack
import org.rafiq.app.look.Tint
import org.rafiq.app.look.Type
import org.rafiq.app.look.draftChoice
import org.rafiq.app.look.lines
import org.rafiq.app.look.row
import org.rafiq.presenters.Choice
import org.rafiq.ReportKind
import org.rafiq.presenters.ServiceContent
import org.rafiq.presenters.ServiceEvent
import org.rafiq.presenters.ServicePresenter
import org.rafiq.presenters.Tone
import org.rafiq.presenters.Word

/** Everything a person needs of one service. */
fun serviceScreen(way: Way, presenter: ServicePresenter): View {
    val noApp = way.look.text(way.look.labels.platform("platform-no-app")).apply {
        visibility = View.GONE
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
    }
    fun open(intent: Intent) {
        noApp.visibility = if (way.look.context.starts(intent)) View.GONE else View.VISIBLE
    }
    return way.screen(presenter.state, way[Word.TAB_DIRECTORY], again = { presenter.on(ServiceEvent.Refresh) }) { content ->
        show(
            content.name, content.remark, content.notice, { presenter.on(ServiceEvent.Dismiss) },
            main = {
                content.main?.let { phone -> main(phone.call) { open(dialling(phone.dial)) } }
            },
        ) {
            about(content)
            kept(noApp)
            phones(way, content, ::open)
            part(way, Word.HOURS, listOf(content.hours))
            part(way, Word.PLACES, content.places)
            content.sections.forEach { blocks(it.title, listOf(it.lines)) }
            part(way, Word.LANGUAGES, listOf(content.languages))
            near {
                content.website?.let { site -> address(way[Word.WEBSITE], site, browsing(site), ::open) }
                content.email?.let { email -> address(way[Word.EMAIL], email, writing(email), ::open) }
            }
            foldout(way[Word.REPORT_ASK], Pictogram.ALERT) { close ->
                reportForm(way, presenter.state.now()?.reports.orEmpty()) {
                    presenter.on(it)
                    close()
                }
            }
        }
    }
}

private fun Pieces.about(content: ServiceContent) {
    near {
        text(content.organization, Type.STRONG)
        text(content.freshness, Type.SMALL, if (content.tone == Tone.URGENT) Palette.amber else Palette.softInk)
    }
    if (content.closed != null || content.alert != null) card(content.closed to content.alert, Tint.URGENT) {
        put(look.lines(*listOfNotNull(content.closed?.let { look.heading(it, Type.STRONG) }, content.alert?.let { look.text(it) }).toTypedArray()))
    }
    if (content.description.isNotEmpty()) piece("description", content.description) { look.copied(content.description) }
    content.descriptionRemark?.let { text(it, Type.SMALL) }
}

private fun Pieces.phones(way: Way, content: ServiceContent, open: (Intent) -> Unit) {
    if (content.phones.isEmpty()) return
    part(way[Word.PHONES]) {
        rows(content.phones) { phone ->
            val call = if (phone.dial.isEmpty()) null else ({ open(dialling(phone.dial)) })
            look.row(phone.number, listOf(phone.description), said = listOf(phone.call, phone.description).joinToString(" "), open = call)
        }
    }
}

private fun Pieces.part(way: Way, title: Word, blocks: List<List<String>>) = blocks(way[title], blocks)

/** Blocks of lines under a heading; nothing where there is none. */
private fun Pieces.blocks(title: String, blocks: List<List<String>>) {
    val filled = blocks.filter { it.isNotEmpty() }
    if (filled.isNotEmpty()) part(title) { rows(filled) { lines -> look.lines(*lines.map { look.copied(it) }.toTypedArray()) } }
}

private fun Pieces.address(title: String, address: String, intent: Intent?, open: (Intent) -> Unit) =
    row(title, listOf(address), open = intent?.let { { open(it) } })

/** Words that can be taken along. */
private fun Look.copied(text: String): View = text(text).apply { setTextIsSelectable(true) }

private fun dialling(number: String) = Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", number, null))

private fun writing(email: String) = Intent(Intent.ACTION_SENDTO, Uri.fromParts("mailto", bare(email), null))

/** Only what a browser opens: a listing may come from anywhere, and other schemes start other things. */
private fun browsing(address: String): Intent? {
    val bare = bare(address)
    val uri = Uri.parse(if ("://" in bare) bare else "https://$bare")
    return if (uri.scheme?.lowercase() in setOf("http", "https")) Intent(Intent.ACTION_VIEW, uri) else null
}

/** Isolation marks are for reading; an address has none. */
private fun bare(address: String): String = address.filter { it !in '\u2066'..'\u2069' }.trim()

private fun Context.starts(intent: Intent): Boolean = try {
    startActivity(intent)
    true
} catch (_: ActivityNotFoundException) {
    false
}

/** What is wrong with a listing. */
private fun Stack.reportForm(way: Way, reports: List<Choice<ReportKind>>, send: (ServiceEvent) -> Unit) {
    var kind: ReportKind? = null
    val note = Field(look, way[Word.NOTE], lines = 2)
    val save = SideButton(look, way[Word.SEND], Pictogram.DONE) { kind?.let { send(ServiceEvent.Report(it, note.text)) } }
    save.isEnabled = false
    put(look.draftChoice(null, reports.map { it.text }) {
        kind = reports[it].value
        save.isEnabled = true
    })
    put(note)
    put(save, WRAP_CONTENT)
}
