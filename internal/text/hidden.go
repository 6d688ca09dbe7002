package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Hidden is a character that reads as something else, or not at all, and so
// must not stand in agreed words.
type Hidden struct {
	At   int    // where in the words, in bytes
	Rune rune   // the character
	Why  string // "reorders", "invisible", "unreadable" or "looks-like-another"
}

// Code returns the character as U+202E.
func (h Hidden) Code() string { return fmt.Sprintf("U+%04X", h.Rune) }

// FindHidden calls yield with every hidden character in words. Joiners are
// allowed where scripts need them, between two letters that join.
func FindHidden(words string, yield func(Hidden) bool) {
	if isPlain(words) {
		return
	}
	alphabet := usual(words)
	var before rune
	for i := 0; i < len(words); {
		r, n := utf8.DecodeRuneInString(words[i:])
		if why := hidden(r); why != "" && !(isJoiner(r) && joins(before, words[i+n:])) {
			if !yield(Hidden{i, r, why}) {
				return
			}
		}
		if n == 1 || !isConfused(r) {
			before = r
			if scriptOf(r) == none {
				i += n
				continue
			}
		}
		end := i + wordEnd(words[i:])
		if !confusables(words[i:end], i, alphabet, yield) {
			return
		}
		before, _ = utf8.DecodeLastRuneInString(words[:end])
		i = end
	}
}

// isPlain reports whether words are ASCII, which hides nothing.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func hidden(r rune) string {
	switch {
	case r < utf8.RuneSelf:
		return ""
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C:
		return "reorders"
	case r >= 0x200B && r <= 0x200D, r >= 0x2060 && r <= 0x2065, r >= 0x206A && r <= 0x206F,
		r == 0x00AD, r == 0x034F, r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x180E, r == 0x3164, r == 0xFFA0, r == 0xFEFF,
		r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF, r >= 0xFFF9 && r <= 0xFFFB, r == 0x2028, r == 0x2029:
		return "invisible"
	case r == utf8.RuneError, unicode.Is(unicode.Cc, r), unicode.Is(unicode.Co, r):
		return "unreadable"
	}
	return ""
}

func isJoiner(r rune) bool { return r == 0x200C || r == 0x200D }

// joins reports whether a joiner between the two has its use.
func joins(before rune, rest string) bool {
	after, _ := utf8.DecodeRuneInString(rest)
	for _, t := range []*unicode.RangeTable{unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer} {
		if unicode.Is(t, before) {
			return unicode.Is(t, after) || !unicode.IsLetter(after)
		}
	}
	return false
}

// The alphabets whose letters are mistaken for one another.
type script uint8

const (
	none script = iota
	latin
	greek
	cyrillic
	armenian
)

func scriptOf(r rune) script {
	switch {
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return latin
	case r < 0xAA:
		return none
	case unicode.Is(unicode.Latin, r):
		return latin
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Greek, r) && r != 'µ' && r != 'Ω':
		return greek
	case unicode.Is(unicode.Armenian, r):
		return armenian
	}
	return none
}

func isConfused(r rune) bool { return scriptOf(r) != none }

// lookalikes are letters of other alphabets that look like Latin ones.
const lookalikes = "асеорхуіѕјԁһԛԝАВСЕНІЈКМОРЅТХУҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧονցհոսօ"

// usual returns the alphabet of the words that can be told: the one of most
// letters that look like no others.
func usual(words string) script {
	var count [armenian + 1]int
	for _, r := range words {
		if s := scriptOf(r); s == latin || s != none && !strings.ContainsRune(lookalikes, r) {
			count[s]++
		}
	}
	best := none
	for s := latin; s <= armenian; s++ {
		if count[s] > count[best] {
			best = s
		}
	}
	return best
}

// wordEnd returns where the word that begins s ends: at the first character
// that is neither a letter of an alphabet above nor a mark on one.
func wordEnd(s string) int {
	for i, r := range s {
		if i > 0 && scriptOf(r) == none && !unicode.Is(unicode.Mn, r) && !isJoiner(r) {
			return i
		}
	}
	return len(s)
}

// confusables yields the letters in a word that are of another alphabet than
// the rest of it, and a whole word of lookalikes among words of Latin.
func confusables(word string, at int, alphabet script, yield func(Hidden) bool) bool {
	own := usual(word)
	alike, mixed := true, false
	var first script
	for _, r := range word {
		s := scriptOf(r)
		if s == none {
			continue
		}
		if first == none {
			first = s
		}
		mixed = mixed || s != first
		alike = alike && s != latin && strings.ContainsRune(lookalikes, r)
	}
	for i, r := range word {
		s := scriptOf(r)
		foreign := mixed && s != none && s != own || alike && !mixed && s != none && alphabet == latin
		if foreign && !yield(Hidden{at + i, r, "looks-like-another"}) {
			return false
		}
		if why := hidden(r); why != "" && i > 0 && s == none && !yield(Hidden{at + i, r, why}) {
			return false
		}
	}
	return true
}

// Hidden calls yield with every hidden character in the words of a body.
func (b Body) Hidden(yield func(Hidden) bool) { b.hidden(yield) }

func (b Body) hidden(yield func(Hidden) bool) bool {
	more := true
	for _, p := range b {
		if p.isWords() {
			FindHidden(p.Words, func(h Hidden) bool { more = yield(h); return more })
		} else if p.Choice != nil {
			for i := range p.Choice.Options {
				more = more && p.Choice.Options[i].Body.hidden(yield)
			}
		}
		if !more {
			return false
		}
	}
	return true
}

// warnHidden warns of hidden characters in a source, line by line.
func warnHidden(p *parser, src string) {
	if isPlain(src) {
		return
	}
	no := 0
	for start := 0; start < len(src); {
		no++
		end, next := lineEnd(src, start)
		raw := src[start:end]
		at := columnAt{column: 1}
		FindHidden(raw, func(h Hidden) bool {
			if len(p.Warnings) >= 2*maxWarnings {
				p.More++
				return true
			}
			if h.Rune == utf8.RuneError && p.lost {
				return true // said already
			}
			at.column += utf8.RuneCountInString(raw[at.src:h.At])
			at.src = h.At
			p.warn(place{no, at.column}, h.Why, "Character", h.Code())
			return true
		})
		start = next
	}
}
