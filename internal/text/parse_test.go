package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPrintAndParseAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawText(t)
		src := Print(want, nil)
		p := Parse(src, nil)
		if diff := differs(want, p.Text); diff != "" {
			t.Fatalf("%s\nwarnings %v\nprinted, it reads as another text:\n%s", src, p.Warnings, diff)
		}
		if again := Print(p.Text, nil); again != src {
			t.Fatalf("printed again it differs:\n%s", cmp.Diff(src, again))
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("[a][b] [c/d] {RU: x} {UA: y}[^1]\n\n[^1]: RU: general reserve, until x")
	f.Add("Option 1: a\nOption 2: no text\n> agreed ad ref\n> assent: RU ad ref if 1, #2")
	f.Add("3 bis. [RU, UA: text (+EU, NO; -BR)]{} [x] ](\\")
	f.Add("[[[[no text]]][no text]/ a]")
	f.Add("\ufeffa\u202eb\xff\x00 сорy")
	f.Add("[^0 ]:0")
	f.Add("Option 0. \n> assent: 0")
	f.Add("00[0/^")
	f.Add("[x [^1/An]]")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<16 {
			return
		}
		once := Parse(src, nil).Text.Fresh()
		printed := Print(once, nil)
		twice := Parse(printed, nil).Text
		if diff := differs(once, twice); diff != "" {
			t.Fatalf("%q\nprints as\n%s\nwhich reads as another text:\n%s", src, printed, diff)
		}
		if err := twice.Check(); err != nil {
			t.Fatalf("%q: %v", src, err)
		}
	})
}

// The written conventions, one line each, and what is printed of them.
func TestConventions(t *testing.T) {
	for _, c := range [][2]string{
		{"Parties [shall][agree to] act", ""},
		{"Parties [shall] [agree to]\nact", "Parties [shall] [agree to] act"},
		{"[shall/should] act", ""},
		{"[to act / to refrain] now", ""},
		{"at [90 km/h] and/or [five and/or six] days", `at [90 km\/h] and/or [five and\/or six] days`},
		{"[RU: all] [UA: some]", ""},
		{"[RU, UA: all]", "[RU: all (+UA)]"},
		{"[all (+EU, NOR; −BRA)]", "[all (+EU, NOR; -BRA)]"},
		{"[all](+EU)", "[all (+EU)]"},
		{"datum[ , except in drought]", "datum [, except in drought]"},
		{"[a [b][c [d]]]", ""},
		{"{RU: the border of 1991} {UA: the border as it is}", ""},
		{"[a]{} [b]", ""},
		{"3 bis. words", ""},
		{"1) words", "1. words"},
		{"• Kenya\n- [Uganda (-KE)]", "- Kenya\n\n- [Uganda (-KE)]"},
		{"1. a\n(a) b\n(i) c\n(ii) d\n(b) e", "1. a\n\n  (a) b\n\n    (i) c\n\n    (ii) d\n\n  (b) e"},
		{"ARTICLE 3 — Scope", "ARTICLE 3. Scope"},
		{"Article 3 Closed season\n\n1. No net", "Article 3. Closed season\n\n1. No net"},
		{"Madde 4\nKapsam", "Madde 4. Kapsam"},
		{"Article 3 shall apply.", ""},
		{"## Final clauses", ""},
		{"3.\nOption 1: RU: a\nOption 2: no text", ""},
		{"Alt 1. a\n\nAlt 2. b", "Alt 1: a\nAlt 2: b"},
		{"a[^x]\n\n[^x]: see b", "a[^1]\n\n[^1]: see b"},
		{"a[^1]\n\n[^1]: RU: scrutiny reservation.", "a[^1]\n\n[^1]: RU: scrutiny reserve"},
		{"1. a\n> agreed ad ref\n> assent: RU ad ref if 2; UA\n\n2. b", ""},
		{`\1. is no number`, ""},
		{"{}[^1]: so\n\n[^1]: see b", ""},
	} {
		src, want := c[0], c[1]
		if want == "" {
			want = src
		}
		p := Parse(src, nil)
		if got := strings.TrimSuffix(Print(p.Text, nil), "\n"); got != want {
			t.Errorf("%q is printed as %q, want %q", src, got, want)
		}
	}
}

func TestWarnings(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"one\ntwo [three", "2:5: unclosed-bracket"},
		{"one]", "1:4: stray-bracket"},
		{"at {RU: x} only", "1:4: one-reading"},
		{"see [] there", "1:5: empty-bracket"},
		{"[shall/should]", "1:2: slash-read"},
		{"word[^7]", "1:5: footnote-missing"},
		{"word\n\n[^7]: x", "3:6: footnote-unused"},
		{"1. a\n> assent: RU if 9", "2:3: condition-unknown"},
		{"ab\u202ecd", "1:3: reorders"},
		{"гара\u200bнтії", "1:5: invisible"},
		{"the Pаrties", "1:6: looks-like-another"},
		{"the сор here", "1:5: looks-like-another|1:6: looks-like-another|1:7: looks-like-another"},
		{"İstanbul'da об'єднання الحدود می‌خواهم", ""},
		{"bad \xff here", "1:5: not-utf8"},
		{"bad\x00", "1:4: control-character"},
		{"[a (+RU; -RU)]", "1:2: for-and-against"},
	} {
		p := Parse(c.src, nil)
		var got []string
		for _, w := range p.Warnings {
			got = append(got, w.String())
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q warns %q, want %q", c.src, s, c.want)
		}
	}
}
