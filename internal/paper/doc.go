// Package paper takes documents in and gives them out: bracketed text and
// Markdown, DOCX, PDF, Akoma Ntoso 3.0, CSV and JSON.
//
// It owns how a negotiating text (package text) looks in each of these, and
// nothing of what it means. It promises
//
//   - that DOCX with brackets, Akoma Ntoso, JSON, Markdown and plain text come
//     back as the text that was written, ids aside where a form has none;
//   - that a document that is written says nothing but the text: no author, no
//     time, no revision ids, nothing hidden, and the same bytes for the same text;
//   - that a hostile file ends in a sentence: [Fault] names the part and the
//     place and what to do, sizes, depths and numbers are bounded while they are
//     read, and nothing is read half. What was read but not understood is a
//     [Remark]; if it is lost, the document is not whole and must not be tabled.
//
// It opens no file, fetches nothing, asks for no time and runs no macro. What a
// reader of the document must not see is to be taken out before: every word of
// the text that is handed in is written.
//
// The conventions are described in docs/formats.md, the libraries in
// docs/decisions/0004-documents.md. Files: read.go and write.go are the two
// doors; layout.go sets a text in rows, which docx_write.go and pdf.go put on
// pages; docx_read.go and what begins with it brings Word's paragraphs back to
// bracketed text; akn_*.go is Akoma Ntoso; arabic.go and bidi.go are what a PDF
// needs to write from right to left.
package paper
