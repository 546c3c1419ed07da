package org.rafiq.app.looking

import android.util.TypedValue
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.NumberPicker
import android.widget.TextView
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.rafiq.Language
import org.rafiq.Meeting
import org.rafiq.NewGroup
import org.rafiq.NewPairing
import org.rafiq.presenters.Word
import org.rafiq.presenters.Words
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** A person goes through the app; every screen on the way is painted, and looked over for what a tired eye or a finger would miss. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w360dp-h740dp-xhdpi", application = android.app.Application::class)
class RendersTest {
    @get:Rule val folder = TemporaryFolder()

    @Test fun english() = walk("en", "en")

    @Test fun arabic() = walk("ar", "ar")

    @Test @Config(qualifiers = "+night") fun ukrainianAtNight() = walk("uk", "uk-night")

    @Test @Config(qualifiers = "+night") fun dariAtNightInLargeLetters() = large { walk("prs", "prs-night-large") }

    @Test fun englishInLargeLetters() = large { walk("en", "en-large") }

    private fun large(look: () -> Unit) {
        RuntimeEnvironment.setFontScale(2f)
        look()
    }

    private fun walk(language: String, name: String) = Screens(folder.newFolder(), language).use { screens ->
        val words = Words(Language(language))
        fun look(what: String) {
            screens.paint("$name-$what")
            audit(screens, "$name-$what")
        }

        screens.words(words[Word.WELCOME])
        look("1-language")
        screens.tap(words[Word.NEXT])
        screens.words(words[Word.SET_UP_NAME])
        screens.field().append("Amina")
        look("2-name")
        screens.tap(words[Word.NEXT])
        screens.tap(words[Word.WITHOUT_PASSPHRASE])
        screens.wait("the last step") { screens.words(words[Word.BEGIN]).takeIf { it.isEnabled } }
        look("3-protection")
        screens.tap(words[Word.BEGIN])

        screens.words(words[Word.TAB_TOGETHER])
        screens.wait("today") { screens.words(words[Word.TAB_CHECK_IN]) }
        look("4-today-first")
        val rafiq = screens.session.rafiq
        runBlocking {
            val pairing = rafiq.mentoring.begin(NewPairing("buddy", "buddy", "Amina & Богдан"))
            rafiq.mentoring.setNextMeeting(pairing.id, Meeting(Screens.START_MS + 3_600_000, "Europe/Berlin", "Bibliothek"))
            rafiq.groups.found(NewGroup("Frauencafé", language, 12, "Haus 3"))
        }
        screens.wait("what is due") { screens.texts().find { "Bibliothek" in it.text } }
        look("5-today")
        checkIn(screens, words, ::look)
        for (tab in listOf(Word.TAB_TOGETHER, Word.TAB_DIRECTORY)) {
            screens.touch(screens.wait("tab") { screens.texts().lastOrNull { it.text.toString() == words[tab] } })
            screens.wait("the screen") { screens.words(words[Word.JOIN]) }
            look(tab.name.lowercase())
        }
        screens.tap(words[Word.JOIN])
        screens.words(words[Word.INVITE_TEXT])
        look("join")
        assertTrue(screens.view.back())
        screens.wait("the directory again") { screens.words(words[Word.JOIN]) }
        val person = screens.wait("oneself") { screens.all().find { it.contentDescription == words[Word.PROFILE] } }
        screens.touch(person)
        screens.words(words[Word.CALENDAR])
        look("profile")
        screens.tap(words[Word.EXCHANGE_TITLE])
        screens.words(words[Word.EXCHANGE_NOW])
        look("exchange")
    }

    /** Three taps: a face, what would help, keep. */
    private fun checkIn(screens: Screens, words: Words, look: (String) -> Unit) {
        screens.tap(words[Word.TAB_CHECK_IN])
        val face = screens.wait("faces") {
            val description = words.language.text("feeling-2.description").text
            screens.all().find { it.contentDescription?.startsWith(description) == true }
        }
        look("6-faces")
        screens.touch(face)
        screens.words(words[Word.BACK])
        look("7-help")
        screens.tap(words[Word.NEXT])
        val note = screens.field()
        look("8-contact")
        note.requestFocus()
        note.append("abc")
        note.setSelection(1)
        screens.tap(words.language.text("contact-this-week").text)
        screens.wait("the choice") { screens.all().find { it.contentDescription?.endsWith(words[Word.CHOSEN]) == true } }
        assertTrue("who writes keeps their place", note.hasFocus() && note.isAttachedToWindow)
        assertEquals(1, note.selectionStart)
        screens.tap(words[Word.SAVE]) // whoever would like to be contacted says by whom, and nobody else is there yet
        screens.wait("what is missing") { screens.all().find { it.contentDescription == words[Word.CLOSE] } }
        screens.tap(words.language.text("contact-no").text)
        screens.tap(words[Word.SAVE])
        screens.words(words[Word.CHECK_IN_AGAIN])
        look("9-kept")
    }

    /** What can be touched is large enough and says what it is; no word is cut or small. */
    private fun audit(screens: Screens, name: String) {
        val density = RuntimeEnvironment.getApplication().resources.displayMetrics
        for (view in screens.all()) {
            if (view.parent is NumberPicker) continue // the framework's own
            if (view.hasOnClickListeners() && view.width > 0) {
                val least = 48 * density.density - 1
                assertTrue("$name: too small to touch: ${said(view)}", view.height >= least && view.width >= least)
                assertTrue("$name: says nothing", said(view).isNotBlank())
            }
            if (view is TextView && view.layout != null && view.text.isNotEmpty()) {
                val least = TypedValue.applyDimension(TypedValue.COMPLEX_UNIT_SP, 14f, density) - 1
                assertTrue("$name: small letters: ${view.text}", view.textSize >= least)
                val room = view.width - view.compoundPaddingLeft - view.compoundPaddingRight
                for (line in 0 until view.lineCount) {
                    assertEquals("$name: cut: ${view.text}", 0, view.layout.getEllipsisCount(line))
                    assertTrue("$name: too wide: ${view.text}", view.layout.getLineMax(line) <= room + 1)
                }
                // Before what lies below is laid out again, nothing may be hidden behind the lower edge of its own view.
                assertTrue("$name: cut below: ${view.text}", view is EditText || view.layout.height <= view.height)
            }
        }
    }

    private fun said(view: View): String = view.contentDescription?.toString() ?: when (view) {
        is TextView -> view.text.toString()
        is ViewGroup -> (0 until view.childCount).joinToString(" ") { said(view.getChildAt(it)) }
        else -> ""
    }
}
