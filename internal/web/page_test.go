package web_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A page is what a person looks at: found by what stands in it, not by bytes.
type page struct {
	t    testing.TB
	root *html.Node
	text string
}

func read(t testing.TB, markup string) *page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	return &page{t, root, words(root)}
}

// words is the text of an element with its spaces made one.
func words(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode && !slices.Contains([]string{"b", "i", "bdi", "span", "a", "time", "code"}, n.Data) {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// matches understands one simple selector: tag, .class, #id, [attr] and [attr=value].
func matches(n *html.Node, sel string) bool {
	if n.Type != html.ElementNode {
		return false
	}
	for sel != "" {
		end := 1 + strings.IndexAny(sel[1:], ".#[")
		if end == 0 || sel[0] == '[' {
			end = len(sel)
			if i := strings.IndexByte(sel, ']'); sel[0] == '[' {
				end = i + 1
			}
		}
		part := sel[:end]
		sel = sel[end:]
		switch part[0] {
		case '.':
			class, _ := attr(n, "class")
			if !slices.Contains(strings.Fields(class), part[1:]) {
				return false
			}
		case '#':
			if id, _ := attr(n, "id"); id != part[1:] {
				return false
			}
		case '[':
			key, want, valued := strings.Cut(strings.Trim(part, "[]"), "=")
			got, ok := attr(n, key)
			if !ok || valued && got != strings.Trim(want, `"`) {
				return false
			}
		default:
			if n.Data != part {
				return false
			}
		}
	}
	return true
}

// all returns the elements that a selector of descendants finds, in order.
func (p *page) all(sel string) []*html.Node {
	found := []*html.Node{p.root}
	for part := range strings.FieldsSeq(sel) {
		var next []*html.Node
		for _, f := range found {
			var walk func(*html.Node)
			walk = func(n *html.Node) {
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					if matches(c, part) && !slices.Contains(next, c) {
						next = append(next, c)
					}
					walk(c)
				}
			}
			walk(f)
		}
		found = next
	}
	return found
}

// one returns the words of the one element that a selector finds.
func (p *page) one(sel string) string {
	p.t.Helper()
	found := p.all(sel)
	if len(found) != 1 {
		p.t.Fatalf("%d elements are %q, want 1", len(found), sel)
	}
	return words(found[0])
}

func (p *page) has(sel string) bool { return len(p.all(sel)) > 0 }

// says fails unless the page, or the elements of a selector, say all of it.
func (p *page) says(want ...string) {
	p.t.Helper()
	for _, w := range want {
		if !strings.Contains(p.text, w) {
			p.t.Errorf("the page does not say %q:\n%s", w, p.text)
		}
	}
}

func (p *page) silent(about ...string) {
	p.t.Helper()
	for _, w := range about {
		if strings.Contains(p.text, w) {
			p.t.Errorf("the page says %q", w)
		}
	}
}

// value is the value of a field of the form for an act.
func (p *page) value(act, field string) string {
	p.t.Helper()
	for _, f := range p.all("form") {
		if action, _ := attr(f, "action"); strings.HasSuffix(action, "/acts/"+act) {
			in := &page{p.t, f, ""}
			for _, tag := range []string{"input", "textarea", "select"} {
				for _, n := range in.all(tag + "[name=" + field + "]") {
					if tag == "textarea" {
						return strings.TrimPrefix(words(n), "\n")
					}
					v, _ := attr(n, "value")
					return v
				}
			}
		}
	}
	p.t.Fatalf("there is no field %s in a form for %s", field, act)
	return ""
}
