package paper

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"parley/internal/text"
)

// A Format is a kind of document.
type Format string

// The formats. PDF and CSV are only written.
const (
	Plain    Format = "text"     // bracketed text, as package text says
	Markdown Format = "markdown" // the same for readers of Markdown
	DOCX     Format = "docx"
	AKN      Format = "akn" // Akoma Ntoso 3.0
	JSON     Format = "json"
	PDF      Format = "pdf"
	CSV      Format = "csv" // brackets and decisions
)

// Formats lists the formats.
func Formats() []Format { return []Format{Plain, Markdown, DOCX, AKN, JSON, PDF, CSV} }

// Named returns the format that a file of that name would be of, or the empty one.
func Named(name string) Format {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".text":
		return Plain
	case ".md", ".markdown":
		return Markdown
	case ".docx":
		return DOCX
	case ".xml", ".akn":
		return AKN
	case ".json":
		return JSON
	case ".pdf":
		return PDF
	case ".csv":
		return CSV
	}
	return ""
}

// MaxFile bounds a document, in bytes.
const MaxFile = 16 << 20

// A Fault says why a document was not read: what is wrong, where, and what to do.
type Fault struct {
	Part string // of a package, such as word/document.xml; empty for a single file
	Line int    // in that part, from 1; 0 if it has none
	Why  string // a sentence without its stop
}

// Error says the fault in one sentence.
func (f *Fault) Error() string {
	where := f.Part
	if f.Line > 0 {
		where = strings.TrimSpace(fmt.Sprintf("%s line %d", where, f.Line))
	}
	if where == "" {
		return f.Why
	}
	return where + ": " + f.Why
}

func fault(part, format string, args ...any) error {
	return &Fault{Part: part, Why: fmt.Sprintf(format, args...)}
}

// A Remark is something that a document holds and a text does not.
type Remark struct {
	Part      string
	Paragraph int // in that part, from 1; 0 if it is about the whole
	Why       string
	Lost      bool // words of the document are not in the text
}

// String says the remark in one sentence.
func (r Remark) String() string {
	s := r.Part
	if r.Paragraph > 0 {
		s = strings.TrimPrefix(fmt.Sprintf("%s, paragraph %d", s, r.Paragraph), ", ")
	}
	return strings.TrimPrefix(s+": "+r.Why, ": ")
}

// A Document is what was read.
type Document struct {
	Text     *text.Text
	Remarks  []Remark       // in the order of the document, at most 200
	Warnings []text.Warning // of the grammar; Line counts paragraphs of a DOCX, lines of a text
	whole    bool
}

// Whole reports whether all words of the document are in the text as they were
// meant. A text that is not whole must not be tabled.
func (d *Document) Whole() bool { return d.whole }

// A Reader says how a document is to be read.
type Reader struct {
	Codes   text.Codes        // how sides are written in brackets
	Authors map[string]string // side, by the name of an author of tracked changes and comments
}

// Read reads a document of the given format. Without a format it looks at
// what the file begins with.
func (o Reader) Read(r io.Reader, f Format) (*Document, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > MaxFile:
		return nil, fault("", "The file is larger than %d MB; divide it, or take the pictures out", MaxFile>>20)
	case f == "":
		f = sniff(data)
	}
	switch f {
	case Plain:
		return o.plain(data, func(s string) string { return s })
	case Markdown:
		return o.plain(data, fromMarkdown)
	case DOCX:
		return o.docx(data)
	case AKN:
		return o.akn(data)
	case JSON:
		t, err := text.Decode(data)
		if err != nil {
			return nil, fault("", "%s", sentence(err))
		}
		return &Document{Text: t, whole: true}, nil
	case PDF, CSV:
		return nil, fault("", "A text cannot be read from %s; use the DOCX or the bracketed text that it was made from", strings.ToUpper(string(f)))
	}
	return nil, fault("", "%q is no format; the formats are text, markdown, docx, akn and json", f)
}

// sniff tells what a file is by what it begins with.
func sniff(data []byte) Format {
	head := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case bytes.HasPrefix(data, []byte("PK")), bytes.HasPrefix(data, oldWord):
		return DOCX
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(head, []byte("<?xml")), bytes.HasPrefix(head, []byte("<akomaNtoso")):
		return AKN
	case bytes.HasPrefix(head, []byte(`{"`)):
		return JSON
	}
	return Plain
}

// plain reads bracketed text, after it was brought into that form.
func (o Reader) plain(data []byte, bring func(string) string) (*Document, error) {
	if err := isText(data); err != nil {
		return nil, err
	}
	p := text.Parse(bring(string(data)), o.Codes)
	return &Document{Text: p.Text, Warnings: p.Warnings, whole: p.Whole()}, nil
}

// isText refuses what is no UTF-8, and says where and, if it can be told, what
// it is instead.
func isText(data []byte) error {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return fault("", "The file is UTF-16; save it as UTF-8")
	}
	if utf8.Valid(data) {
		if i := bytes.IndexByte(data, 0); i >= 0 {
			return &Fault{Line: lineOf(data, i), Why: "There is a zero byte, so this is no text; give the format if it is a document"}
		}
		return nil
	}
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return &Fault{Line: lineOf(data, i), Why: fmt.Sprintf("The byte %02X is not UTF-8; save the file as UTF-8 (it may be Windows-1251, 1254 or 1256)", data[i])}
		}
		i += n
	}
	return nil
}

func lineOf(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }

// sentence begins an error with a capital.
func sentence(err error) string {
	var f *Fault
	if errors.As(err, &f) {
		return f.Error()
	}
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:]
}

// maxRemarks bounds the remarks on a document.
const maxRemarks = 200

func (d *Document) remark(r Remark) {
	if r.Lost {
		d.whole = false
	}
	if len(d.Remarks) < maxRemarks {
		d.Remarks = append(d.Remarks, r)
	}
}
