package org.rafiq.app.shipped

import android.content.ClipboardManager
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.view.View
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.rafiq.Language
import org.rafiq.app.MainActivity
import org.rafiq.app.RafiqApplication
import org.rafiq.app.platform.FakeKeystore
import org.rafiq.app.platform.readCode
import org.rafiq.presenters.Relay
import org.rafiq.presenters.Word
import org.rafiq.presenters.Words
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/**
 * What a person does with the app, touched on its screens, over the library as it ships, a real relay and a stand-in for the Keystore.
 * Runs twice: over the classes as they were compiled, and over what R8 leaves of them (tests/tools/android-shrunk.sh), where whatever a
 * keep rule forgets is missing: JNA's structures and callbacks first of all.
 */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w360dp-h740dp-xhdpi")
class AsShippedTest {
    @get:Rule val folder = TemporaryFolder()

    @Before fun newPhone() = FakeKeystore.install()

    @Test fun aFirstDay(): Unit = Relay(folder.root).use { relay ->
        val controller = Robolectric.buildActivity(MainActivity::class.java).setup()
        val words = Words(Language("en"))
        val hand = Hand(controller.get())
        setUp(hand, words)
        assertTrue("nothing was sealed", FakeKeystore.keys.isNotEmpty())
        checkIn(hand, words)

        hand.touch(hand.backTo(words[Word.PROFILE]))
        hand.tap(words[Word.EXCHANGE_TITLE])
        hand.words(words[Word.EXCHANGE_NOW])
        hand.field().append(relay.url)
        hand.tap(words[Word.SAVE])
        hand.backTo(words[Word.PROFILE])
        hand.tap(words[Word.TAB_TOGETHER])
        val invitation = invite(hand, words)
        join(hand, words, invitation)

        hand.touch(hand.backTo(words[Word.PROFILE]))
        hand.tap(words[Word.EXCHANGE_TITLE])
        hand.tap(words[Word.EXCHANGE_NOW])
        hand.wait("an exchange that has come to its end") { hand.begins(words.language.text("sync-last", "date" to "").text.take(8)) }
        controller.pause().stop().destroy()
        (RuntimeEnvironment.getApplication() as RafiqApplication).shell.session?.rafiq?.close()
    }

    private fun setUp(hand: Hand, words: Words) {
        hand.words(words[Word.WELCOME])
        hand.tap(words[Word.NEXT])
        hand.words(words[Word.SET_UP_NAME])
        hand.field().append("Amina")
        hand.tap(words[Word.NEXT])
        hand.tap(words[Word.WITHOUT_PASSPHRASE])
        hand.tap(words[Word.BEGIN])
        hand.words(words[Word.TAB_TOGETHER])
    }

    private fun checkIn(hand: Hand, words: Words) {
        hand.tap(words[Word.TAB_CHECK_IN])
        val face = words.language.text("feeling-4.description").text
        hand.touch(hand.wait("faces") { hand.labelled(face) })
        hand.wait("the way back") { hand.labelled(words[Word.BACK]) }
        hand.tap(words[Word.NEXT])
        hand.tap(words.language.text("contact-no").text)
        hand.tap(words[Word.SAVE])
        hand.words(words[Word.CHECK_IN_AGAIN])
        hand.tap(words[Word.CHECK_INS_TITLE])
        hand.wait("what was kept") { hand.begins(words.language.text("feeling-4").text) }
    }

    /** Begins a pairing and makes an invitation into it; the code that is painted is read as a camera would see it. */
    private fun invite(hand: Hand, words: Words): String {
        hand.tap(words[Word.BEGIN_PAIRING])
        hand.touch(hand.wait("kinds of support") { hand.labelled(words.language.text("model-buddy").text) })
        hand.touch(hand.wait("parts") { hand.labelled(words.language.text("role-buddy").text) })
        hand.field().append("Amina & Bohdan")
        hand.tap(words[Word.BEGIN])
        hand.tap(words[Word.INVITE])
        hand.touch(hand.wait("where") { hand.labelled(words.language.text("app-invite-here").text) })
        val code = hand.wait("the code") { hand.labelled(words[Word.INVITE_CODE])?.takeIf { it.width > 0 } }
        hand.tap(words[Word.COPY])
        val clipboard = RuntimeEnvironment.getApplication().getSystemService(ClipboardManager::class.java)
        val text = clipboard.primaryClip!!.getItemAt(0).text.toString()
        assertEquals("what the code says", text, seen(code))
        return text
    }

    private fun join(hand: Hand, words: Words, invitation: String) {
        hand.backTo(words[Word.PROFILE])
        hand.tap(words[Word.JOIN])
        hand.words(words[Word.INVITE_TEXT])
        hand.field().append(invitation)
        hand.tap(words[Word.NEXT])
        hand.wait("what it invites to") { hand.texts().find { "Amina & Bohdan" in it.text } }
        hand.tap(words[Word.CANCEL])
    }

    private fun seen(code: View): String? {
        val picture = Bitmap.createBitmap(code.width, code.height, Bitmap.Config.ARGB_8888)
        picture.eraseColor(Color.WHITE)
        code.draw(Canvas(picture))
        val pixels = IntArray(code.width * code.height)
        picture.getPixels(pixels, 0, code.width, 0, 0, code.width, code.height)
        return readCode(ByteArray(pixels.size) { Color.green(pixels[it]).toByte() }, code.width, code.width, code.height)
    }
}
