package org.rafiq.app.look

import kotlin.math.pow

/** A colour by day and by night, each 0xRRGGBB. */
data class Shade(val light: Int, val dark: Int) {
    /** How well words of this colour can be told from [ground], from 1 to 21 (WCAG 2.2, relative luminance): by day, by night. */
    fun contrast(ground: Shade): Pair<Double, Double> = contrast(light, ground.light) to contrast(dark, ground.dark)

    private fun contrast(one: Int, other: Int): Double {
        val (a, b) = luminance(one) to luminance(other)
        return (maxOf(a, b) + 0.05) / (minOf(a, b) + 0.05)
    }

    private fun luminance(colour: Int): Double {
        val (red, green, blue) = listOf(16, 8, 0).map { shift ->
            val part = (colour shr shift and 0xFF) / 255.0
            if (part <= 0.04045) part / 12.92 else ((part + 0.055) / 1.055).pow(2.4)
        }
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/**
 * The colours: warm paper, deep teal for what one does, amber for what is urgent and for nothing else. No red: how somebody feels is no
 * alarm. Plain numbers, so that their contrast can be computed anywhere.
 */
object Palette {
    /** Behind everything. */
    val paper = Shade(0xFAF5EC, 0x14191A)

    /** Cards and fields, a little above the paper. */
    val card = Shade(0xFFFDF8, 0x1F2627)

    /** What is read. */
    val ink = Shade(0x23302F, 0xF1ECE2)

    /** What is read second. */
    val softInk = Shade(0x414C4A, 0xC9D3CF)

    /** Borders of what can be touched; told from the paper at 3:1. */
    val line = Shade(0x8A8577, 0x75827F)

    /** Between the parts of a card; only an ornament. */
    val hairline = Shade(0xE6DECF, 0x2F3838)

    /** The main action, what is chosen, what leads somewhere. */
    val teal = Shade(0x0B5A58, 0x83D0C7)

    /** On [teal]. */
    val onTeal = Shade(0xFFFFFF, 0x06302E)

    /** Behind what is chosen, and behind a notice. */
    val paleTeal = Shade(0xDBEBE7, 0x1D3B39)

    /** What is urgent. */
    val amber = Shade(0x6E3F00, 0xF3C171)

    /** Behind what is urgent. */
    val paleAmber = Shade(0xFCEACB, 0x3B2D13)

    /** Behind a code that a camera is to read, by day and by night. */
    val white = Shade(0xFFFFFF, 0xFFFFFF)

    /** Behind the five faces, from very hard to very good: dusk to morning. */
    val faces = listOf(
        Shade(0xC9CFDD, 0xAEB6CA), Shade(0xCDD9DE, 0xB2C3CA), Shade(0xE8DFCB, 0xD5C9AF), Shade(0xCFE3D3, 0xB1CDB8),
        Shade(0xF5DFA6, 0xE6CB86),
    )

    /** The lines of a face. */
    val faceInk = Shade(0x23302F, 0x1B2626)

    /** Which words stand on which ground. Every one of them can be read at 4.5:1, by day and by night. */
    val reading: List<Pair<Shade, Shade>> = listOf(
        ink to paper, ink to card, ink to paleTeal, ink to paleAmber, softInk to paper, softInk to card, softInk to paleTeal,
        softInk to paleAmber, softInk to hairline, teal to paper, teal to card, teal to paleTeal, teal to paleAmber, onTeal to teal,
        amber to paper, amber to card, amber to paleAmber,
    )

    /** Small print, and what is urgent: at 7:1, by day and by night, for tired eyes and poor light. */
    val readingSmall: List<Pair<Shade, Shade>> = listOf(
        softInk to paper, softInk to card, softInk to paleTeal, softInk to paleAmber, amber to paper, amber to card, amber to paleAmber,
    )

    /** What has to be told apart without being read: borders of fields, and the faces' lines. 3:1. */
    val seeing: List<Pair<Shade, Shade>> = listOf(line to paper, line to card) + faces.map { faceInk to it }
}
