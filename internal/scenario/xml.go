package scenario

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// element is an XML element with its place. Text between elements does not matter to any format read here.
type element struct {
	name string
	at   Place
	attr map[string]string
	kids []*element
}

func (e *element) attrOr(name, otherwise string) string {
	if v, ok := e.attr[name]; ok {
		return v
	}
	return otherwise
}

func (e *element) children(name string) []*element {
	var out []*element
	for _, k := range e.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

func (e *element) child(name string) *element {
	if c := e.children(name); len(c) > 0 {
		return c[0]
	}
	return nil
}

// parseXML reads an XML file as careless tools write it: with blank lines or text before the root, with Latin-1 bytes
// and no declaration, with a byte order mark. Entities other than XML's own five are refused, never expanded.
func parseXML(file string, data []byte, n *notes) (*element, error) {
	data, err := cleanXML(file, data, n)
	if err != nil {
		return nil, err
	}
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // bytes are UTF-8 by now
	var stack []*element
	var root *element
	count := 0
	for {
		line, col := dec.InputPos()
		at := Place{file, line, col}
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				if root != nil && len(stack) == 0 {
					n.add(at, "what follows the end of the file's root is left aside: %s", syntax.Msg)
					break
				}
				return nil, fault(Place{file, syntax.Line, 1}, "this is not XML: %s", syntax.Msg)
			}
			return nil, fault(at, "this is not XML: %v", err)
		}
		switch t := tok.(type) {
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
				return nil, fault(at, "the file declares entities; they are not read, remove the declaration")
			}
		case xml.StartElement:
			if count++; count > maxNodes {
				return nil, fault(at, "the file holds more than %d elements", maxNodes)
			}
			if len(stack) > maxDepth {
				return nil, fault(at, "the file is nested more than %d deep", maxDepth)
			}
			e := &element{name: t.Name.Local, at: at, attr: make(map[string]string, len(t.Attr))}
			for _, a := range t.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			switch {
			case len(stack) > 0:
				top := stack[len(stack)-1]
				top.kids = append(top.kids, e)
			case root == nil:
				root = e
			default:
				return nil, fault(at, "the file has a second root, <%s>", e.name)
			}
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
	if root == nil {
		return nil, fault(Place{File: file}, "the file holds no XML element")
	}
	if len(stack) > 0 {
		return nil, fault(stack[len(stack)-1].at, "<%s> is never closed; the file ends too early", stack[len(stack)-1].name)
	}
	return root, nil
}

// cleanXML brings the bytes to UTF-8 from the first tag on, keeping line numbers.
func cleanXML(file string, data []byte, n *notes) ([]byte, error) {
	at := Place{File: file}
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		data = fromUTF16(data)
		n.add(at, "the file is UTF-16; it is read as such")
	}
	if !utf8.Valid(data) {
		data = fromLatin1(data)
		n.add(at, "the file is not UTF-8; its bytes are read as Latin-1 (Windows-1252)")
	}
	start := firstTag(data)
	if start < 0 {
		return nil, fault(at, "the file holds no XML element")
	}
	if junk := bytes.TrimSpace(data[:start]); len(junk) > 0 {
		n.add(at, "%d characters before the first tag are left aside", utf8.RuneCount(junk))
	}
	lead := bytes.Repeat([]byte{'\n'}, bytes.Count(data[:start], []byte{'\n'}))
	rest := data[start:]
	if bytes.HasPrefix(rest, []byte("<?xml")) {
		// The declaration may stand only at the very start; what it says about the encoding is settled by now.
		if end := bytes.Index(rest, []byte("?>")); end >= 0 {
			lead = append(lead, bytes.Repeat([]byte{'\n'}, bytes.Count(rest[:end], []byte{'\n'}))...)
			rest = rest[end+2:]
		}
	}
	return append(lead, rest...), nil
}

// firstTag finds the first "<" that can begin XML.
func firstTag(data []byte) int {
	for i := 0; i+1 < len(data); i++ {
		if c := data[i+1]; data[i] == '<' && (c == '?' || c == '!' || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return i
		}
	}
	return -1
}

func fromUTF16(data []byte) []byte {
	big := data[0] == 0xFE
	var u []uint16
	for i := 2; i+1 < len(data); i += 2 {
		a, b := uint16(data[i]), uint16(data[i+1])
		if big {
			a, b = b, a
		}
		u = append(u, a|b<<8)
	}
	return []byte(string(utf16.Decode(u)))
}

// windows1252 holds what bytes 0x80 to 0x9F stand for; Latin-1 proper has control characters there, which no file means.
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func fromLatin1(data []byte) []byte {
	var b strings.Builder
	b.Grow(len(data) + len(data)/8)
	for _, c := range data {
		switch {
		case c < 0x80:
			b.WriteByte(c)
		case c < 0xA0:
			b.WriteRune(windows1252[c-0x80])
		default:
			b.WriteRune(rune(c))
		}
	}
	return []byte(b.String())
}
