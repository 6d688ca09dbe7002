package paper_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/text"
)

// Words that texts are made of by chance: plain ones in four scripts, and
// those that look like marks.
var stock = []string{
	"the Lake", "Parties", "2 °C", "İstanbul'da", "об'єднання", "гарантії", "المادة", "السلام", "and/or", "a", "1.", "(a)", "(i)", "Option 1:", "Alt 2.",
	"Article 3. X", "Part II", "no text", "RU: x", "(+EU)", `\[`, `\]`, `\{`, `\}`, "/", `\/`, `\\`, "#", "> agreed", "- item",
	"*", "**b**", "_c_", "`d`", "<b>", "&amp;", "]]>", "Annex:", "km/h", ".", ",", ";", ":", "\u00a0", "\u2212", "•", "to x: y", `"q"`, "=1+1", "[^1]", "[^2]", "[^3]", "[^4]",
}

// Texts makes texts by chance, with every kind of thing a text may hold: it
// writes sources of the grammar and parses them.
func Texts() *rapid.Generator[*text.Text] {
	return rapid.Custom(func(t *rapid.T) *text.Text {
		var b strings.Builder
		b.WriteString(rapid.SampledFrom([]string{"", "# Treaty\n\n", "# # odd [title] \\\n\n", "# معاهدة\n\n"}).Draw(t, "title"))
		for range rapid.IntRange(0, 8).Draw(t, "clauses") {
			b.WriteString(rapid.SampledFrom([]string{
				"", "", "Article 1. ", "Madde 3 bis. ", "Статья 12A: ", "Part II. ", "Annex", "Annex A: ", "Chapter 1 ", "Section 4. ", "Preamble: ", "## ", "1. ", "2. ", "1.2 ", "3 bis. ",
				"(a) ", "  (i) ", "    (i) ", "    (iv) ", "- ", `\`, `\- `, `\Option 1: `, "• ", "1. Option 1: ",
			}).Draw(t, "mark"))
			drawBody(t, &b, 0)
			b.WriteString("\n")
			drawUnder(t, &b)
			b.WriteString("\n")
		}
		b.WriteString("[^1]: see above\n[^2]: RU: scrutiny reserve, until the drought rule is settled\n[^3]: \\RU: general reserve\n[^4]: أنظر *أعلاه* [a] / b\n")
		return text.Parse(b.String(), nil).Text
	})
}

func drawBody(t *rapid.T, b *strings.Builder, depth int) {
	for range rapid.IntRange(0, 4).Draw(t, "pieces") {
		if depth < 3 && rapid.IntRange(0, 2).Draw(t, "piece") == 0 {
			drawChoice(t, b, depth)
		} else {
			b.WriteString(rapid.SampledFrom(stock).Draw(t, "word"))
		}
		b.WriteString(rapid.SampledFrom([]string{"", " "}).Draw(t, "space"))
	}
}

func drawChoice(t *rapid.T, b *strings.Builder, depth int) {
	open, closing, n := "[", "]", rapid.IntRange(1, 3).Draw(t, "options")
	both := rapid.IntRange(0, 5).Draw(t, "both") == 0
	if both {
		open, closing, n = "{", "}", 2
	}
	for i := range n {
		if i > 0 {
			b.WriteString(rapid.SampledFrom([]string{"", " "}).Draw(t, "gap"))
		}
		b.WriteString(open)
		if both {
			b.WriteString([]string{"RU: ", "UA: "}[i])
		} else {
			b.WriteString(rapid.SampledFrom([]string{"", "", "RU: ", "UA, TR: ", "MEDIATION: "}).Draw(t, "proposer"))
		}
		if rapid.IntRange(0, 5).Draw(t, "none") == 0 {
			b.WriteString("no text")
		} else {
			drawBody(t, b, depth+1)
			b.WriteString("x")
		}
		b.WriteString(rapid.SampledFrom([]string{"", "", " (+TR)", " (-UA)", " (+NORTHLAND, CHAIR; -BR)", "[^2]"}).Draw(t, "stances"))
		b.WriteString(closing)
	}
}

// drawUnder writes options of a clause, and where it stands.
func drawUnder(t *rapid.T, b *strings.Builder) {
	switch rapid.IntRange(0, 6).Draw(t, "under") {
	case 0:
		b.WriteString("Option 1: RU: first [a][b]\nOption 2: no text\n")
	case 1:
		b.WriteString("\nAlt 1: first\nAlt 2: UA: second (-RU)\n")
	}
	for _, line := range []string{"> agreed ad ref", "> assent: RU ad ref if #1, LAKE/2/L.3:c9; UA", "> for leaders", "> defines: the Lake; водозбір",
		"> note MEDIATION to mediation, party:ru: converging: see [3]", "> note CHAIR: to x: y"} {
		if rapid.IntRange(0, 4).Draw(t, "standing") == 0 {
			b.WriteString(line + "\n")
		}
	}
}

func FuzzReadDOCX(f *testing.F) { fuzz(f, "docx") }

func FuzzReadAKN(f *testing.F) { fuzz(f, "akn") }
