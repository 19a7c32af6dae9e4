package programs

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/morestack/morestack/coro"
)

// jsonText is the text as far as it is there.
type jsonText struct {
	chunk  string
	next   int // in chunk
	before int // bytes in earlier chunks
	ended  bool
}

// JSONError is a mistake in a JSON text.
type JSONError struct {
	Offset int
	What   string
}

func (e *JSONError) Error() string { return fmt.Sprintf("json: %s at offset %d", e.What, e.Offset) }

func (t *jsonText) fail(what string) error { return &JSONError{t.before + t.next, what} }

// ParseJSON reads one JSON value, by recursive descent, from text that comes in
// pieces cut anywhere: it yields the offset at which it needs more, and is
// answered with the next piece; the empty string is the end. It makes of the
// value what encoding/json does: nil, bool, float64, string, []any or
// map[string]any.
//
//coro:body
func ParseJSON(y *coro.Yielder[int, string]) (any, error) {
	text := &jsonText{}
	value, err := jsonValue(y, text)
	if err != nil {
		return nil, err
	}
	if _, more := jsonToken(y, text); more {
		return nil, text.fail("text after the value")
	}
	return value, nil
}

// jsonPeek returns the next byte; false at the end of the text.
//
//coro:body
func jsonPeek(y *coro.Yielder[int, string], text *jsonText) (byte, bool) {
	for text.next == len(text.chunk) {
		if text.ended {
			return 0, false
		}
		text.before += len(text.chunk)
		text.next = 0
		text.chunk = y.Yield(text.before)
		text.ended = text.chunk == ""
	}
	return text.chunk[text.next], true
}

// jsonToken is jsonPeek after white space.
//
//coro:body
func jsonToken(y *coro.Yielder[int, string], text *jsonText) (byte, bool) {
	for {
		c, ok := jsonPeek(y, text)
		if !ok || c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, ok
		}
		text.next++
	}
}

//coro:body
func jsonValue(y *coro.Yielder[int, string], text *jsonText) (any, error) {
	c, ok := jsonToken(y, text)
	if !ok {
		return nil, text.fail("end of text instead of a value")
	}
	switch {
	case c == '{':
		return jsonObject(y, text)
	case c == '[':
		return jsonArray(y, text)
	case c == '"':
		s, err := jsonString(y, text)
		if err != nil {
			return nil, err
		}
		return s, nil
	case c == 't':
		return true, jsonWord(y, text, "true")
	case c == 'f':
		return false, jsonWord(y, text, "false")
	case c == 'n':
		return nil, jsonWord(y, text, "null")
	case c == '-' || '0' <= c && c <= '9':
		return jsonNumber(y, text)
	}
	return nil, text.fail("no value")
}

//coro:body
func jsonWord(y *coro.Yielder[int, string], text *jsonText, word string) error {
	for i := range len(word) {
		if c, ok := jsonPeek(y, text); !ok || c != word[i] {
			return text.fail("no value")
		}
		text.next++
	}
	return nil
}

//coro:body
func jsonObject(y *coro.Yielder[int, string], text *jsonText) (any, error) {
	object := map[string]any{}
	text.next++
	if c, ok := jsonToken(y, text); ok && c == '}' {
		text.next++
		return object, nil
	}
	for {
		if c, ok := jsonToken(y, text); !ok || c != '"' {
			return nil, text.fail("no key")
		}
		key, err := jsonString(y, text)
		if err != nil {
			return nil, err
		}
		if c, ok := jsonToken(y, text); !ok || c != ':' {
			return nil, text.fail("no colon after the key")
		}
		text.next++
		if object[key], err = jsonValue(y, text); err != nil {
			return nil, err
		}
		c, ok := jsonToken(y, text)
		if !ok || c != ',' && c != '}' {
			return nil, text.fail("no comma or brace after the value")
		}
		text.next++
		if c == '}' {
			return object, nil
		}
	}
}

//coro:body
func jsonArray(y *coro.Yielder[int, string], text *jsonText) (any, error) {
	array := []any{}
	text.next++
	if c, ok := jsonToken(y, text); ok && c == ']' {
		text.next++
		return array, nil
	}
	for {
		value, err := jsonValue(y, text)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
		c, ok := jsonToken(y, text)
		if !ok || c != ',' && c != ']' {
			return nil, text.fail("no comma or bracket after the value")
		}
		text.next++
		if c == ']' {
			return array, nil
		}
	}
}

//coro:body
func jsonString(y *coro.Yielder[int, string], text *jsonText) (string, error) {
	var s []byte
	text.next++
	for {
		c, ok := jsonPeek(y, text)
		switch {
		case !ok:
			return "", text.fail("end of text in a string")
		case c < ' ':
			return "", text.fail("control character in a string")
		}
		text.next++
		switch c {
		case '"':
			return string(s), nil
		case '\\':
			r, err := jsonEscape(y, text)
			if err != nil {
				return "", err
			}
			for utf16.IsSurrogate(r) {
				if c, ok := jsonPeek(y, text); !ok || c != '\\' {
					r = utf8.RuneError
					break
				}
				text.next++
				second, err := jsonEscape(y, text)
				if err != nil {
					return "", err
				}
				if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
					r = pair
				} else {
					s = utf8.AppendRune(s, utf8.RuneError)
					r = second
				}
			}
			s = utf8.AppendRune(s, r)
		default:
			s = append(s, c)
		}
	}
}

// jsonEscape reads what follows a backslash.
//
//coro:body
func jsonEscape(y *coro.Yielder[int, string], text *jsonText) (rune, error) {
	c, ok := jsonPeek(y, text)
	if !ok {
		return 0, text.fail("end of text in a string")
	}
	text.next++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		var r rune
		for range 4 {
			c, ok := jsonPeek(y, text)
			digit, hex := hexDigit(c)
			if !ok || !hex {
				return 0, text.fail("no hexadecimal digit")
			}
			text.next++
			r = r<<4 | digit
		}
		return r, nil
	}
	text.next--
	return 0, text.fail("unknown escape")
}

func hexDigit(c byte) (rune, bool) {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0'), true
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

//coro:body
func jsonNumber(y *coro.Yielder[int, string], text *jsonText) (any, error) {
	number := make([]byte, 0, 24)
	if c, _ := jsonPeek(y, text); c == '-' {
		number = append(number, c)
		text.next++
	}
	if c, _ := jsonPeek(y, text); c == '0' {
		number = append(number, c)
		text.next++
	} else {
		var err error
		if number, err = jsonDigits(y, text, number); err != nil {
			return nil, err
		}
	}
	if c, _ := jsonPeek(y, text); c == '.' {
		text.next++
		var err error
		if number, err = jsonDigits(y, text, append(number, c)); err != nil {
			return nil, err
		}
	}
	if c, _ := jsonPeek(y, text); c == 'e' || c == 'E' {
		text.next++
		number = append(number, c)
		if c, _ := jsonPeek(y, text); c == '+' || c == '-' {
			number = append(number, c)
			text.next++
		}
		var err error
		if number, err = jsonDigits(y, text, number); err != nil {
			return nil, err
		}
	}
	f, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		return nil, text.fail("number out of range")
	}
	return f, nil
}

// jsonDigits appends one digit or more to number.
//
//coro:body
func jsonDigits(y *coro.Yielder[int, string], text *jsonText, number []byte) ([]byte, error) {
	before := len(number)
	for {
		c, ok := jsonPeek(y, text)
		if !ok || c < '0' || c > '9' {
			break
		}
		number = append(number, c)
		text.next++
	}
	if len(number) == before {
		return nil, text.fail("no digit")
	}
	return number, nil
}
