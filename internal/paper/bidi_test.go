package paper

import "testing"

func TestShape(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"المادة", "\uFE8D\uFEDF\uFEE4\uFE8E\uFEA9\uFE93"}, // alef; lam-meem-alef; dal; teh marbuta
		{"سلام", "\uFEB3\uFEFC\uFEE1"},
		{"لا", "\uFEFB"},
		{"الأولى", "\uFE8D\uFEF7\uFEED\uFEDF\uFEF0"},
		{"بَب", "\uFE91\u064E\uFE90"}, // a vowel does not part letters
		{"ب ب", "\uFE8F \uFE8F"},
		{"بـ", "\uFE91\u0640"},
		{"نمی\u200cخواهم", "\uFEE7\uFEE4\uFBFD\uFEA7\uFEEE\uFE8D\uFEEB\uFEE2"}, // Persian, with a non-joiner
		{"abc гґ [1]", "abc гґ [1]"},
	} {
		if got := string(shape([]rune(c.in))); got != c.want {
			t.Errorf("%s: got %+q, want %+q", c.in, got, c.want)
		}
	}
}

// Capitals stand for Arabic letters, as in UAX 9.
func TestOrder(t *testing.T) {
	letters := map[rune]rune{}
	for i, r := range []rune("ابتثجحخدذرزسشصضطظعغفقكلمنه") {
		letters['A'+rune(i)] = r
	}
	back := map[rune]rune{}
	for k, v := range letters {
		back[v] = k
	}
	put := func(s string, m map[rune]rune) []rune {
		out := []rune(s)
		for i, r := range out {
			if m[r] != 0 {
				out[i] = m[r]
			}
		}
		return out
	}
	for _, c := range []struct {
		in   string
		rtl  bool
		want string
	}{
		{"car means CAR.", false, "car means RAC."},
		{"CAR means car.", true, ".means car RAC"},
		{"ABC 15 DEF", true, "FED 15 CBA"},
		{"ABC 15 DEF", false, "FED 15 CBA"},
		{"a (ABC) b", false, "a (CBA) b"},
		{"ABC (d) EF", true, "FE (d) CBA"},
		{"ABC [d: EF] G", true, "G [FE :d] CBA"},
		{"x [d: EF] g", false, "x [d: FE] g"},
		{"AB 1,234.5% C", true, "C %1,234.5 BA"},
		{"ABC  ", true, "  CBA"},
		{"{A}{b}", false, "{A}{b}"},
	} {
		words := put(c.in, letters)
		o := arrange(words, c.rtl)
		var line []rune
		for _, d := range o.line(0, len(words)) {
			line = append(line, d.seen)
		}
		if got := string(put(string(line), back)); got != c.want {
			t.Errorf("%q from the right %v: got %q, want %q", c.in, c.rtl, got, c.want)
		}
	}
}
