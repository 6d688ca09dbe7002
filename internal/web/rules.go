package web

import (
	"regexp"
	"strconv"
	"strings"
)

// A rulebook is the rules of procedure, read from docs/rules.md. That page has
// one form: a title, a preface, sections, and in them paragraphs that begin
// "**Rule 23. Speaking.**". Nothing else of Markdown is understood.
type rulebook struct {
	Title    string
	Preface  []string
	Sections []rulePart
}

type rulePart struct {
	Title   string
	Preface []string
	Rules   []rule
}

type rule struct {
	Number int
	Title  string
	Text   string
}

var ruleHead = regexp.MustCompile(`^\*\*Rule (\d+)\. ([^*]+)\.\*\*\s*`)

// readRules reads the page.
func readRules(markdown string) (b rulebook) {
	for block := range strings.SplitSeq(strings.ReplaceAll(markdown, "\r\n", "\n"), "\n\n") {
		block = strings.Join(strings.Fields(block), " ")
		if block == "" {
			continue
		}
		if title, ok := strings.CutPrefix(block, "## "); ok {
			b.Sections = append(b.Sections, rulePart{Title: title})
		} else if title, ok := strings.CutPrefix(block, "# "); ok {
			b.Title = title
		} else {
			b.add(block)
		}
	}
	return b
}

// add puts a paragraph where it belongs: a rule, or what goes before rules.
func (b *rulebook) add(block string) {
	if len(b.Sections) == 0 {
		b.Preface = append(b.Preface, block)
		return
	}
	s := &b.Sections[len(b.Sections)-1]
	m := ruleHead.FindStringSubmatch(block)
	if m == nil {
		s.Preface = append(s.Preface, block)
		return
	}
	n, _ := strconv.Atoi(m[1])
	s.Rules = append(s.Rules, rule{n, m[2], block[len(m[0]):]})
}

// rule returns the rule of that number.
func (b rulebook) rule(number int) (rule, bool) {
	for _, s := range b.Sections {
		for _, r := range s.Rules {
			if r.Number == number {
				return r, true
			}
		}
	}
	return rule{}, false
}
