package main

import (
	"context"
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

type enrollCmd struct {
	Address string `help:"Address at which the box reaches the hub; default is the one that serve keeps." env:"JEMBE_HUB_ADDRESS" placeholder:"URL"`
	Village string `help:"Village where the box will stand." placeholder:"NAME"`
}

// Run makes an invitation; it works beside a running serve.
func (e *enrollCmd) Run(ctx context.Context, p *program, c *cli) error {
	h, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	i, err := h.Enroll(ctx, e.Address, e.Village)
	if err != nil {
		return err
	}
	code, err := qr.Encode(i.String(), qr.M, qr.Auto)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%s\n\nOn the box: jembe enroll INVITATION\nIt is a secret, holds for 7 days, and lets one box in.", blocks(code), i)
	return p.print(c, map[string]string{"invitation": i.String(), "address": i.Address, "village": e.Village}, text)
}

// quiet is the light border that readers of QR codes want around it (ISO/IEC 18004).
const quiet = 4

// blocks draws a code in half blocks, two rows of it a line, light on dark as most terminals are.
func blocks(code barcode.Barcode) string {
	size := code.Bounds().Dx()
	light := func(x, y int) bool {
		return x < 0 || y < 0 || x >= size || y >= size || code.At(x, y) == color.White
	}
	var b strings.Builder
	for y := -quiet; y < size+quiet; y += 2 {
		for x := -quiet; x < size+quiet; x++ {
			switch up, down := light(x, y), light(x, y+1); {
			case up && down:
				b.WriteRune('█')
			case up:
				b.WriteRune('▀')
			case down:
				b.WriteRune('▄')
			default:
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
