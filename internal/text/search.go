package text

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Hit is a place where a search found its words.
type Hit struct {
	Clause   ID // empty for the title and for footnotes
	Label    string
	Footnote ID
	Bracket  ID // of the option that the words stand in
	Option   string
	Words    string // the stretch of words they stand in
	At, End  int    // where in it, in bytes
}

// Search yields the places where words stand in a text, in the order of
// reading: whatever their case, any blank for any other, as part of a longer
// word too.
func (t *Text) Search(query string) iter.Seq[Hit] {
	needle := fold(strings.Join(strings.Fields(query), " "))
	return func(yield func(Hit) bool) {
		if len(needle.runes) == 0 {
			return
		}
		s := search{needle: needle.runes, yield: yield}
		if !s.words(Hit{Words: t.Title}) {
			return
		}
		labels := t.Labels()
		for i := range t.Clauses {
			if !s.body(Hit{Clause: t.Clauses[i].ID, Label: labels[i]}, t.Clauses[i].Body) {
				return
			}
		}
		for _, f := range t.Footnotes {
			if !s.words(Hit{Footnote: f.ID, Words: f.Words}) {
				return
			}
		}
	}
}

type search struct {
	needle []rune
	yield  func(Hit) bool
}

func (s search) body(h Hit, b Body) bool {
	for _, p := range b {
		switch {
		case p.isWords():
			h.Words = p.Words
			if !s.words(h) {
				return false
			}
		case p.Choice != nil:
			for i := range p.Choice.Options {
				inner := h
				inner.Bracket, inner.Option = p.Choice.ID, p.Choice.Options[i].Key
				if !s.body(inner, p.Choice.Options[i].Body) {
					return false
				}
			}
		}
	}
	return true
}

func (s search) words(h Hit) bool {
	if len(h.Words) == 0 {
		return true
	}
	hay := fold(h.Words)
	for i := 0; i+len(s.needle) <= len(hay.runes); i++ {
		if hay.runes[i] == s.needle[0] && slices.Equal(hay.runes[i:i+len(s.needle)], s.needle) {
			h.At, h.End = hay.at[i], hay.at[i+len(s.needle)]
			if !s.yield(h) {
				return false
			}
			i += len(s.needle) - 1
		}
	}
	return true
}

// folded is a stretch of words without case, and where each character was.
type folded struct {
	runes []rune
	at    []int // one more than runes
}

func fold(s string) folded {
	f := folded{make([]rune, 0, len(s)), make([]int, 0, len(s)+1)}
	for i, r := range s {
		if hidden(r) != "" && r != utf8.RuneError {
			continue // what cannot be seen does not keep words from being found
		}
		if unicode.IsSpace(r) {
			r = ' '
		}
		f.runes = append(f.runes, foldRune(r))
		f.at = append(f.at, i)
	}
	f.at = append(f.at, len(s))
	return f
}

// foldRune takes the case off. The Turkish i, with and without its dot, is one
// letter to a search, as a searcher may not have it on the keyboard.
func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case r == 'İ' || r == 'ı':
		return 'i'
	case r == '’':
		return '\''
	}
	return unicode.ToLower(unicode.ToUpper(r))
}
