package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A mark is how a line begins that begins a clause.
type mark struct {
	kind   Kind   // empty if the line begins no clause by itself
	other  other  // what else it may be
	word   string // as written, if not the English one
	number string
	rest   int // where the words begin
}

type other uint8

const (
	nothing   other = iota
	title           // # Title
	option          // Option 1:
	alt             // Alt 1:
	apparatus       // > agreed
	footnote        // [^1]: words; number is the label
	literal         // a backslash, after which nothing is a mark
)

// kindWords are the words for headings, in lower case, in the six languages of
// the United Nations, Ukrainian and Turkish.
var kindWords = map[string]Kind{
	"part": Part, "chapter": Chapter, "section": Section, "article": Article, "art.": Article,
	"annex": Annex, "appendix": Annex, "preamble": Preamble,
	"partie": Part, "chapitre": Chapter, "annexe": Annex, "préambule": Preamble,
	"parte": Part, "capítulo": Chapter, "sección": Section, "artículo": Article, "anexo": Annex, "preámbulo": Preamble,
	"часть": Part, "глава": Chapter, "раздел": Section, "статья": Article, "приложение": Annex, "преамбула": Preamble,
	"частина": Part, "розділ": Section, "стаття": Article, "додаток": Annex,
	"kısım": Part, "bölüm": Chapter, "madde": Article, "ek": Annex, "başlangıç": Preamble,
	"الجزء": Part, "الفصل": Chapter, "المادة": Article, "المرفق": Annex, "الديباجة": Preamble,
}

// kindWord returns the English word for a heading's kind.
func kindWord(k Kind) string { return strings.ToUpper(string(k[:1])) + string(k[1:]) }

// detect reads the beginning of a line, which is given without indentation.
func detect(line string) mark {
	if line == "" {
		return mark{}
	}
	switch c := line[0]; {
	case c == '\\':
		return mark{other: literal}
	case c == '#':
		return hashMark(line)
	case c == '>':
		if strings.HasPrefix(line, "> ") && isApparatus(line[2:]) {
			return mark{other: apparatus, rest: 2}
		}
		return mark{}
	case c == '-' || c == '*':
		if line == "-" || strings.HasPrefix(line[1:], " ") {
			return mark{kind: Item, rest: min(2, len(line))}
		}
		return mark{}
	case strings.HasPrefix(line, "• "):
		return mark{kind: Item, rest: len("• ")}
	case c == '[':
		return footnoteMark(line)
	case c == '(':
		return pointMark(line)
	case c >= '0' && c <= '9':
		return paragraphMark(line)
	}
	if m, ok := optionMark(line); ok {
		return m
	}
	if m, ok := headingMark(line); ok {
		return m
	}
	return closedPointMark(line)
}

func hashMark(line string) mark {
	n := len(line) - len(strings.TrimLeft(line, "#"))
	if n > 6 || n == len(line) || line[n] != ' ' {
		return mark{}
	}
	if n == 1 {
		return mark{other: title, kind: Heading, rest: 2}
	}
	inner := line[n+1:]
	if m, ok := headingMark(inner); ok {
		m.rest += n + 1
		return m
	}
	return mark{kind: Heading, rest: n + 1}
}

// footnoteMark reads [^1]: at the beginning of a line.
func footnoteMark(line string) mark {
	label, n := footnoteLabel(line)
	if n == 0 || !strings.HasPrefix(line[n:], ":") {
		return mark{}
	}
	return mark{other: footnote, number: label, rest: n + 1}
}

// footnoteLabel reads [^1] and says how long it is, or 0.
func footnoteLabel(s string) (string, int) {
	if !strings.HasPrefix(s, "[^") {
		return "", 0
	}
	end := strings.IndexByte(s[:min(len(s), 20)], ']')
	if end < 3 || strings.ContainsAny(s[2:end], " []\\") {
		return "", 0
	}
	return s[2:end], end + 1
}

// pointMark reads (a), (iv) or (12) and a space.
func pointMark(line string) mark {
	end := strings.IndexByte(line[:min(len(line), maxNumber+2)], ')')
	if end < 2 || !validNumber(Point, line[1:end]) || !blankAt(line, end+1) {
		return mark{}
	}
	return mark{kind: Point, number: line[1:end], rest: end + 1}
}

// closedPointMark reads a) and a space.
func closedPointMark(line string) mark {
	end := strings.IndexByte(line[:min(len(line), 6)], ')')
	if end < 1 || end > 1 && !isRoman(line[:end]) || !validNumber(Point, line[:end]) || !blankAt(line, end+1) {
		return mark{}
	}
	return mark{kind: Point, number: line[:end], rest: end + 1}
}

// paragraphMark reads 1. or 1) or 1.2 or 1 bis. and a space, or the end.
func paragraphMark(line string) mark {
	end := strings.IndexAny(line[:min(len(line), maxNumber+2)], ".)")
	for end > 0 && line[end] == '.' && end+1 < len(line) && isDigit(line[end+1]) {
		next := strings.IndexAny(line[end+1:min(len(line), maxNumber+2)], ".) ")
		if next < 0 {
			return mark{}
		}
		end += 1 + next
	}
	if end < 0 || line[end] == '.' && end == 0 || !validNumber(Paragraph, line[:end]) {
		return mark{}
	}
	if line[end] == ' ' { // 1.2 words
		return mark{kind: Paragraph, number: line[:end], rest: end}
	}
	if !blankAt(line, end+1) {
		return mark{}
	}
	return mark{kind: Paragraph, number: line[:end], rest: end + 1}
}

// headingMark reads a word for a heading, its number, and what divides it from
// its words: a stop, a colon, a dash, the end of the line, or just a capital
// letter if the line is short and is not a sentence.
func headingMark(line string) (mark, bool) {
	word, rest := firstWord(line)
	kind, ok := kindWords[strings.ToLower(word)]
	if !ok {
		return mark{}, false
	}
	m := mark{kind: kind}
	if word != kindWord(kind) {
		m.word = word
	}
	if kind == Preamble {
		n, ok := divided(rest, line)
		m.rest = len(word) + n
		return m, ok && (rest == "" || rest[0] != ' ')
	}
	at := len(word)
	if strings.HasPrefix(rest, " ") {
		if n := numberAt(kind, rest[1:]); n > 0 {
			m.number = rest[1 : 1+n]
			at += 1 + n
		}
	}
	if m.number == "" && kind != Annex {
		return mark{}, false
	}
	n, ok := divided(line[at:], line)
	m.rest = at + n
	return m, ok
}

func firstWord(line string) (word, rest string) {
	if i := strings.IndexAny(line[:min(len(line), 40)], " :,;"); i >= 0 {
		return line[:i], line[i:]
	}
	if len(line) > 40 {
		return "", line
	}
	return strings.TrimSuffix(line, "."), ""
}

// divided reads what stands between a heading's number and its words.
func divided(s, line string) (int, bool) {
	t := strings.TrimLeft(s, " ")
	if t == "" {
		return len(s), true
	}
	for _, sign := range []string{". ", ": ", "– ", "— ", "- "} {
		if strings.HasPrefix(t, sign) || t == strings.TrimSpace(sign) {
			return len(s) - len(t) + min(len(sign), len(t)), true
		}
	}
	first, _ := utf8.DecodeRuneInString(t)
	if len(t) == len(s) || len(line) > 100 || !unicode.IsUpper(first) || strings.ContainsAny(line[len(line)-1:], ".;,:") {
		return 0, false
	}
	return len(s) - len(t), true
}

// optionMark reads Option 1: or Alt 1. and a space, or the end.
func optionMark(line string) (mark, bool) {
	word, rest := firstWord(line)
	m := mark{}
	switch strings.ToLower(word) {
	case "option":
		m.other = option
	case "alt", "alt.", "alternative":
		m.other = alt
	default:
		return mark{}, false
	}
	digits := strings.TrimPrefix(rest, " ")
	n := 0
	for n < len(digits) && n < 4 && isDigit(digits[n]) {
		n++
	}
	if n == 0 || len(digits) == len(rest) || n == len(digits) || digits[n] != ':' && digits[n] != '.' || !blankAt(digits, n+1) {
		return mark{}, false
	}
	m.number = digits[:n]
	m.rest = len(line) - len(digits) + n + 1
	return m, true
}

func blankAt(s string, i int) bool { return i >= len(s) || s[i] == ' ' }
func isDigit(c byte) bool          { return c >= '0' && c <= '9' }

// maxNumber bounds a display number, in bytes.
const maxNumber = 24

// suffixes are what is put after a number to come between two.
var suffixes = []string{
	"bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies",
}

// numberAt returns the length of the number that begins s, for that kind, or 0.
func numberAt(k Kind, s string) int {
	end := len(s)
	if i := strings.IndexAny(s[:min(len(s), maxNumber+1)], " :.–—-"); i >= 0 {
		end = i
	}
	if end > maxNumber || !validNumber(k, s[:end]) {
		return 0
	}
	if end < len(s) && s[end] == ' ' {
		next, _, _ := strings.Cut(s[end+1:min(len(s), end+maxNumber)], " ")
		next = strings.TrimRight(next, ".:")
		if n := end + 1 + len(next); n <= maxNumber && validNumber(k, s[:n]) {
			return n
		}
	}
	return end
}

// validNumber reports whether s can be the display number of a clause of the
// kind. Whatever it allows, detect reads.
func validNumber(k Kind, s string) bool {
	if len(s) > maxNumber {
		return false
	}
	base, suffix, has := strings.Cut(s, " ")
	if has && !validSuffix(suffix) {
		return false
	}
	switch k {
	case Paragraph:
		return isDecimal(base)
	case Point, Subpoint:
		return !has && (isShortLower(base) || isRoman(base) || isDecimal(base) && !strings.Contains(base, "."))
	case Part, Chapter, Section, Article, Annex:
		return s == "" && k == Annex || isDecimal(base) && !strings.Contains(base, ".") ||
			isRoman(strings.ToLower(base)) || len(base) == 1 && base >= "A" && base <= "Z"
	}
	return s == ""
}

func validSuffix(s string) bool {
	for _, known := range suffixes {
		if s == known {
			return true
		}
	}
	return false
}

// isDecimal reports whether s is like 3, 1.2 or 12A.
func isDecimal(s string) bool {
	if n := len(s); n > 1 && s[n-1] >= 'A' && s[n-1] <= 'Z' {
		s = s[:n-1]
	}
	digits := 0
	for i := range len(s) {
		switch {
		case isDigit(s[i]):
			if digits++; digits > 3 {
				return false
			}
		case s[i] == '.' && digits > 0:
			digits = 0
		default:
			return false
		}
	}
	return digits > 0
}

func isShortLower(s string) bool {
	return len(s) == 1 && s[0] >= 'a' && s[0] <= 'z' || len(s) == 2 && s[0] == s[1] && s[0] >= 'a' && s[0] <= 'z'
}

// isRoman reports whether s is a Roman number in lower case.
func isRoman(s string) bool {
	return s != "" && len(s) <= 8 && strings.Trim(s, "ivxlc") == ""
}
