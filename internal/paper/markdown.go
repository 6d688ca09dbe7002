package paper

import (
	"regexp"
	"strings"

	"parley/internal/text"
)

// Markdown is bracketed text that other programs show well: headings have
// their signs, and what Markdown would take for emphasis, code or HTML has a
// backslash. Taking both away gives bracketed text again.

// toMarkdown writes a text.
func toMarkdown(t *text.Text, codes text.Codes) string {
	blocks := strings.Split(strings.TrimSuffix(text.Print(t, codes), "\n"), "\n\n")
	first := 0
	if t.Title != "" {
		first = 1
	}
	for i := range blocks {
		if n := i - first; n < 0 {
			continue
		} else if n < len(t.Clauses) && t.Clauses[n].Kind.IsHeading() && t.Clauses[n].Kind != text.Heading {
			blocks[i] = strings.Repeat("#", min(6, 1+t.Clauses[n].Kind.Depth())) + " " + blocks[i]
		}
		lines := strings.Split(blocks[i], "\n")
		for k := range lines {
			lines[k] = escapeMarkdown(lines[k])
		}
		blocks[i] = strings.Join(lines, "\n")
	}
	if len(blocks) == 1 && blocks[0] == "" {
		return ""
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

// special is what has a meaning to Markdown and none to us.
const special = "*_`<&~"

// escapeMarkdown puts a backslash before what Markdown would read. A backslash
// that stands there already, to guard words at their beginning, is kept.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case isSpecial(s, i):
			b.WriteByte('\\')
		case s[i] == '\\' && i+1 < len(s) && !isSpecial(s, i+1):
			b.WriteByte(s[i])
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func isSpecial(s string, i int) bool { return i < len(s) && strings.IndexByte(special, s[i]) >= 0 }

var (
	strong = regexp.MustCompile(`\*\*([^*\n]+)\*\*|__([^_\n]+)__`)
	listed = regexp.MustCompile(`(?m)^(\s*\d[\d.]*)\\([.)] )`)
)

// fromMarkdown brings Markdown to bracketed text: escapes of Markdown and
// strong type go, the rest is read as it stands.
func fromMarkdown(s string) string {
	s = listed.ReplaceAllString(s, "$1$2")
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			b.WriteString(strong.ReplaceAllString(s, "$1$2"))
			break
		}
		b.WriteString(strong.ReplaceAllString(s[:i], "$1$2"))
		end := i + 2
		switch {
		case isSpecial(s, i+1):
			b.WriteByte(s[i+1])
		case s[i+1] == '\\' && isSpecial(s, i+2):
			end++
			b.WriteString(s[i+1 : end])
		default:
			b.WriteString(s[i:end])
		}
		s = s[end:]
	}
	return b.String()
}
