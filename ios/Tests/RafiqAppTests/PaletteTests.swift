import Testing

@testable import RafiqApp

@Suite struct PaletteTests {
    @Test func everyWordCanBeReadByDayAndByNight() {
        for pair in Palette.reading {
            let contrast = pair.words.contrast(on: pair.ground)
            #expect(contrast.light >= 4.5, "\(pair) by day")
            #expect(contrast.dark >= 4.5, "\(pair) by night")
        }
    }

    @Test func smallPrintAndWhatIsUrgentCanBeReadByTiredEyes() {
        for pair in Palette.readingSmall {
            let contrast = pair.words.contrast(on: pair.ground)
            #expect(contrast.light >= 7, "\(pair) by day")
            #expect(contrast.dark >= 7, "\(pair) by night")
        }
    }

    @Test func bordersAndFacesCanBeToldApart() {
        for pair in Palette.seeing {
            let contrast = pair.mark.contrast(on: pair.ground)
            #expect(contrast.light >= 3, "\(pair) by day")
            #expect(contrast.dark >= 3, "\(pair) by night")
        }
    }

    @Test func contrastIsThatOfTheGuidelines() {
        let (black, white) = (Shade(light: 0, dark: 0xFFFFFF), Shade(light: 0xFFFFFF, dark: 0xFFFFFF))
        #expect(black.contrast(on: white).light == 21)
        #expect(black.contrast(on: white).dark == 1)
        let grey = Shade(light: 0x767676, dark: 0x777777)  // the darkest grey that passes on white, and the first that does not
        #expect(grey.contrast(on: white).light >= 4.5)
        #expect(grey.contrast(on: white).dark < 4.5)
    }
}
