package org.rafiq.app.looking

import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.rafiq.app.look.Palette
import org.rafiq.presenters.Word
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The audit sees what it is there for: a screen without a fault is given one, and no longer passes. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w360dp-h740dp-xhdpi", application = android.app.Application::class)
class AuditTest {
    @get:Rule val folder = TemporaryFolder()
    private lateinit var screens: Screens

    /** Today, as it is for somebody who has just begun: a heading, a pictogram to touch, a row, a button, tabs. */
    @Before fun today() {
        screens = Screens(folder.newFolder(), "en")
        with(screens) {
            tap(Word.NEXT)
            words(words[Word.SET_UP_NAME])
            field().append("Amina")
            tap(Word.NEXT)
            tap(Word.WITHOUT_PASSPHRASE)
            wait("the last step") { words(words[Word.BEGIN]).takeIf { it.isEnabled } }
            tap(Word.BEGIN)
            words(words[Word.TAB_TOGETHER])
            rest()
        }
        assertEquals(emptyList<Finding>(), screens.audit())
    }

    @After fun close() = screens.close()

    private fun profile(): View = screens.all().first { it.contentDescription == screens.words[Word.PROFILE] }
    private fun button(): TextView = screens.texts().first { it.text == screens.words[Word.CHECK_IN_TELL] && it.hasOnClickListeners() }
    private fun heading(): TextView = screens.texts().first { it.isAccessibilityHeading }

    private fun missed(fault: () -> Unit): Set<Missed> {
        fault()
        screens.rest()
        return screens.audit().map { it.missed }.toSet()
    }

    @Test fun aLabelThatIsRemoved() = assertEquals(setOf(Missed.LABEL), missed { profile().contentDescription = null })

    @Test fun aFieldWithoutALabel() = assertTrue(Missed.LABEL in missed {
        (heading().parent as ViewGroup).addView(EditText(screens.view.context), LinearLayout.LayoutParams(300, 150))
    })

    @Test fun aTargetThatIsShrunk() = assertEquals(setOf(Missed.TARGET), missed {
        profile().apply {
            minimumHeight = 0
            layoutParams = layoutParams.apply { height = 80 }
        }
    })

    @Test fun wordsThatArePaled() = assertEquals(setOf(Missed.CONTRAST), missed { heading().setTextColor(0xFF8A8577.toInt()) })

    @Test fun aGroundThatIsDarkened() = assertEquals(setOf(Missed.CONTRAST), missed { button().setBackgroundColor(0xFF9FB5B3.toInt()) })

    @Test fun lettersThatAreSmall() = assertEquals(setOf(Missed.SMALL), missed { heading().textSize = 12f })

    @Test fun wordsThatAreCut() = assertEquals(setOf(Missed.CUT), missed {
        heading().apply {
            maxLines = 1
            ellipsize = android.text.TextUtils.TruncateAt.END
            text = "A heading that is far too long for the one line that it has"
        }
    })

    @Test fun whatIsReadInAnotherOrder() = assertEquals(setOf(Missed.ORDER), missed {
        val profile = profile()
        val side = profile.parent as ViewGroup
        val heading = heading()
        side.removeView(heading)
        side.addView(heading) // read last, and still standing first:
        side.viewTreeObserver.addOnPreDrawListener {
            heading.offsetLeftAndRight(-heading.left)
            profile.offsetLeftAndRight(heading.right - profile.left)
            true
        }
    })

    @Test fun aReaderWhoIsSentElsewhere() = assertTrue(Missed.ORDER in missed { heading().accessibilityTraversalAfter = button().apply { id = View.generateViewId() }.id })

    @Test fun aScreenThatBeginsWithSomethingElse() = assertEquals(setOf(Missed.HEADING), missed { heading().isAccessibilityHeading = false })

    @Test fun anIdWhereWordsBelong() = assertEquals(setOf(Missed.RAW), missed { heading().text = "today-title" })

    /** The colours by themselves, wherever they are used. */
    @Test fun thePaletteCanBeRead() {
        for ((least, pairs) in listOf(4.5 to Palette.reading, 7.0 to Palette.readingSmall, 3.0 to Palette.seeing)) for ((words, ground) in pairs) {
            val (light, dark) = words.contrast(ground)
            assertTrue("$words on $ground: $light, $dark", light >= least && dark >= least)
        }
    }
}
