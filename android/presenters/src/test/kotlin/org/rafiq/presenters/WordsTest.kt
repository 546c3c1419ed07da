package org.rafiq.presenters

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.rafiq.Direction
import org.rafiq.Language
import org.rafiq.said

class WordsTest {
    @Test fun `every word is there in every language and needs no value`() {
        val tags = Language.available().map { it.tag }
        assertEquals(listOf("ar", "en", "prs", "uk"), tags.sorted())
        for (tag in tags) {
            val spoken = Language(tag).texts(Word.entries.map { said(it.id) })
            for ((word, text) in Word.entries.zip(spoken)) {
                assertTrue(text.text.isNotBlank() && !text.fallback && text.language == tag, "$tag $word")
                assertEquals(text.text, Words.of(tag)[word])
            }
        }
        assertEquals(Word.entries.size, Word.entries.map { it.id }.toSet().size)
    }

    @Test fun `a remark stands where a person has not reviewed`() {
        assertNull(Words.of("en").remark)
        assertEquals(Language("uk").text("language-machine").text, Words.of("uk").remark)
        val tigrinya = Words.of("ti")
        assertEquals(Language("en").text("language-fallback").text, tigrinya.remark)
        assertEquals(tigrinya.remark, tigrinya.say { text("app-save"); remark })
        assertEquals("Today", Words.of("no tag at all")[Word.TAB_TODAY], "a device may report anything")
        assertEquals(Direction.RIGHT_TO_LEFT, Words.of("prs").direction)
    }

    @Test fun `a screen is said in one call`() {
        val words = Words.of("uk")
        val before = org.rafiq.callsToCore.get()
        val (save, date) = words.say { text("app-save") to moment(START_MS, "Europe/Vienna") }
        assertEquals(1, org.rafiq.callsToCore.get() - before)
        assertEquals("Зберегти", save)
        assertTrue("22 листопада" in date, date)
    }

    @Test fun `an id without words does not take the rest of the screen with it`() {
        val (known, unknown) = Words.of("en").say { text("app-save") to text("step-from-a-model-of-tomorrow") }
        assertEquals("Save", known)
        assertEquals("This version of the app has no words for this yet.", unknown)
    }
}
