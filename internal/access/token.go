package access

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// A Token is 128 random bits. Whoever has it is let in, so it prints as
// nothing; [Token.Text] is the only way to it.
type Token struct{ secret [16]byte }

// The alphabet is that of Crockford's Base32, in which no two signs are easily
// taken for each other when a code sheet is typed off.
var spelling = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

var mistaken = strings.NewReplacer("i", "1", "l", "1", "o", "0", "-", "", " ", "")

// textLength is that of 128 bits at five to a sign.
const textLength = 26

func newToken(rand io.Reader) (Token, error) {
	var t Token
	if _, err := io.ReadFull(rand, t.secret[:]); err != nil {
		return Token{}, fmt.Errorf("drawing a token: %w", err)
	}
	return t, nil
}

// Text is how a token is sent, 26 digits and small letters. It is safe in a
// URL, in a cookie and in a header.
func (t Token) Text() string { return spelling.EncodeToString(t.secret[:]) }

// Groups is how a token is printed, to be typed off paper: Text in groups of
// four, with hyphens between.
func (t Token) Groups() string {
	var b strings.Builder
	for i, r := range t.Text() {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ParseToken reads a token that may have been typed off paper: in capitals, in
// groups, with an o for a zero. ok is false if it can not be one.
func ParseToken(text string) (t Token, ok bool) {
	if len(text) > 2*textLength {
		return Token{}, false
	}
	text = mistaken.Replace(strings.ToLower(text))
	if len(text) != textLength {
		return Token{}, false
	}
	b, err := spelling.DecodeString(text)
	if err != nil || len(b) != len(t.secret) {
		return Token{}, false
	}
	copy(t.secret[:], b)
	// The last sign has two bits to spare, which must be zero: one token, one spelling.
	return t, t.Text() == text
}

// Digest is what may be stored of a token.
func (t Token) Digest() Digest { return sha256.Sum256(t.secret[:]) }

const hidden = "(a token)"

// String, GoString, Format and LogValue keep a token out of logs and messages.
func (t Token) String() string             { return hidden }
func (t Token) GoString() string           { return hidden }
func (t Token) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }
func (t Token) LogValue() slog.Value       { return slog.StringValue(hidden) }
