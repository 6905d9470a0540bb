/**
 * Letters by their width in thousandths of the font's size: Arial's metrics, which Helvetica and Liberation Sans share
 * (fontFamily of palette.ts). A table, because what measures text differs from browser to browser and is missing without one,
 * while the same run should give the same drawing everywhere.
 */
const lettersOfWidth: Record<number, string> = {
  191: "'′",
  222: 'ijlίιϊ‘’',
  260: '|¦',
  278: ' !,./:;I[\\]ft·ÌÍÎÏìíîïΙΪ',
  333: '()-`r¡¨²³´¸¹“”{}″ℓ⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉',
  355: '"ºª',
  389: '*⟨⟩',
  395: 'τ°⁻⁺₊₋',
  446: 'ζέεξ^‖',
  500: 'Jcksvxyzçýÿγκλνς∂',
  530: 'χ¶',
  549: '±÷√≈≤≥≠ΰυϋύΓ¯',
  556: '#$0123456789?L_abdeghnopqu¢£¤¥§«»àáâãäåèéêëðñòóôõöùúûüþήηθοό–δ',
  576: 'ρβµμάα≡',
  584: '+<=>~¬×−',
  611: 'FTZ¿ßøΖΤσΣ',
  648: 'φΞ',
  667: '&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞΑΒΕΚΡΥΧΫΔΛ',
  713: 'ψπ∞∑∝∇',
  722: 'CDHNRUwÇÐÑÙÚÛÜΗΝΠ',
  737: '©®∈⊙⊗',
  778: 'GOQÒÓÔÕÖØΘΟωώΩΦ',
  833: 'MmΜ∏¼½¾Ψ',
  889: '%æ',
  944: 'W',
  1000: 'Æ—…→←@≪≫',
};

const widths = new Map(
  Object.entries(lettersOfWidth).flatMap(([width, letters]) =>
    Array.from(letters, (letter) => [letter, Number(width)] as const),
  ),
);

/** Of a letter that is not in the table: room enough for an ideograph. */
const unknownWidth = 1000;

/** The width of plain text in pixels at a font size, without kerning. */
export function widthOf(text: string, size: number): number {
  let thousandths = 0;
  for (const letter of text) thousandths += widths.get(letter) ?? unknownWidth;
  return (thousandths * size) / 1000;
}
