package org.rafiq.app.looking

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import org.junit.AfterClass
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File
import kotlin.math.abs

/** Every screen, in four languages, by day and by night, in usual and in very large letters: painted, and looked over. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w360dp-h740dp-xhdpi", application = android.app.Application::class)
class RendersTest {
    @get:Rule val folder = TemporaryFolder()

    @Test fun english() = look("en")

    @Test fun arabic() = look("ar")

    @Test fun ukrainian() = look("uk")

    @Test fun dari() = look("prs")

    private fun look(language: String) {
        val gallery = Gallery(folder.root, Told.ALL.single { it.language == language })
        val missed = ArrayList<String>()
        for (light in listOf("light", "dark")) for (size in listOf(1, 2)) {
            RuntimeEnvironment.setQualifiers(if (light == "dark") "+night" else "+notnight")
            RuntimeEnvironment.setFontScale(size.toFloat())
            gallery.walk { name ->
                val findings = audit()
                val file = File(pictures, "$name-$language-$light-$size.png")
                val picture = paint()
                keep(picture, file)
                if ((light == "light") == (size == 1)) page()?.let { keep(it, File(pages, file.name)) }
                File(shown, file.name).takeIf { it.exists() }?.let { kept -> alike(file.name, BitmapFactory.decodeFile(kept.path), picture) }
                assertTrue("nothing is on ${file.name}", texts().isNotEmpty())
                rendered += 1
                findings.forEach { counted.merge(it.missed, 1, Int::plus) }
                missed += findings.map { "${file.name}: ${it.missed} ${it.what}" }
            }
        }
        assertEquals(missed.size.toString() + " missed:\n" + missed.joinToString("\n"), 0, missed.size)
    }

    private fun keep(picture: Bitmap, file: File) = file.outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }

    /** The pictures in android/screens have fewer colours, and are otherwise what is painted. */
    private fun alike(name: String, kept: Bitmap, picture: Bitmap) {
        fun pixels(of: Bitmap) = IntArray(of.width * of.height).also { of.getPixels(it, 0, of.width, 0, 0, of.width, of.height) }
        assertEquals("$name: painted in another size", picture.width to picture.height, kept.width to kept.height)
        fun far(one: Int, other: Int, shift: Int) = abs((one shr shift and 0xFF) - (other shr shift and 0xFF)) > OTHER
        val (before, now) = pixels(kept) to pixels(picture)
        val others = before.indices.count { at -> far(before[at], now[at], 0) || far(before[at], now[at], 8) || far(before[at], now[at], 16) }
        assertTrue("android/screens/$name shows something else: tests/tools/android-screens.sh takes them anew", others < picture.width * picture.height / 200)
        shownAlike += 1
    }

    companion object {
        /** More than a palette of few colours takes away. */
        private const val OTHER = 24
        private val shown = File(System.getProperty("basedir") ?: ".", "../screens")
        private var shownAlike = 0
        private val pictures = File(System.getProperty("rafiq.target"), "android/screens").apply { mkdirs() }

        /** What lies below the fold, too: by day in usual letters, by night in large ones. */
        private val pages = File(System.getProperty("rafiq.target"), "android/pages").apply { mkdirs() }
        private val counted = HashMap<Missed, Int>()
        private var rendered = 0

        /** What the stage shows: counted over all that was painted. */
        @AfterClass @JvmStatic fun say() {
            fun of(missed: Missed) = counted[missed] ?: 0
            val others = listOf(Missed.SMALL, Missed.CUT, Missed.ORDER, Missed.HEADING, Missed.RAW).joinToString { "${it.name.lowercase()} ${of(it)}" }
            File(pictures.parentFile, "screens.txt").writeText(
                "screens $rendered rendered, labels missing ${of(Missed.LABEL)}, targets below 48 dp ${of(Missed.TARGET)}, " +
                    "contrast below 4.5 ${of(Missed.CONTRAST)}\nletters $others\npictures in android/screens as painted: $shownAlike\n",
            )
        }
    }
}
