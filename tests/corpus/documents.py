#!/usr/bin/env python3
"""Builds the .docx and .xlsx notices from the source.txt beside them, and checks the corpus.

  documents.py            build every notice that has a source.txt
  documents.py --check    check formats, coverage of the 42 variations, and that the built files are current

source.txt: the first line is `docx`, `xlsx shared` or `xlsx inline`. Then a line that begins with | is a row of a
table, any other line a paragraph (xlsx: a row with one cell). A blank line ends a table.
  xlsx only: `# sheet NAME` or `# hidden sheet NAME` starts a sheet; a row that begins with ~| is hidden.
  cells: `<` joined with the cell to the left, `^` joined with the cell above, \\n a new line, **bold**,
  {+inserted+} {-deleted-} tracked changes, {box TEXT} text box, {tab a;b/c;d} table inside the cell,
  '12 a number kept as text, {=SUM(D4:D6)}480 a formula with its stored value,
  {%}0.5 a number shown as percent, {d}45838 a date serial.
"""
import datetime, io, json, pathlib, re, sys, zipfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006/'
OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
WPS = 'http://schemas.microsoft.com/office/word/2010/wordprocessingShape'
S = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'


def cells_of(line):
    return [cell.strip() for cell in line.split('|')[1:]]


def blocks_of(text):
    """Paragraph strings and tables (lists of (hidden, cells)), in order."""
    blocks, table = [], None
    for line in text.splitlines():
        if line.startswith(('|', '~|')):
            if table is None:
                table = []
                blocks.append(table)
            table.append((line[0] == '~', cells_of(line)))
        else:
            table = None
            if line.strip():
                blocks.append(line)
    return blocks


def package(parts, types, main, relations=''):
    out = io.BytesIO()
    overrides = ''.join(f'<Override PartName="/{n}" ContentType="application/vnd.openxmlformats-officedocument.{t}+xml"/>'
                        for n, t in types)
    parts = [('[Content_Types].xml', XML + f'<Types xmlns="{PACKAGE}content-types"><Default Extension="rels" ContentType='
              f'"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'),
             ('_rels/.rels', XML + f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="rId1" '
              f'Type="{OFFICE}/officeDocument" Target="{main}"/></Relationships>')] + parts
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, text in parts:
            z.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---- docx

def runs(text):
    out = []
    for piece in re.split(r'(\*\*.+?\*\*|\{\+.*?\+\}|\{-.*?-\}|\{box .*?\})', text):
        if not piece:
            continue
        mark, close, prop, tag = '', '', '', 't'
        if piece.startswith('**'):
            piece, prop = piece[2:-2], '<w:rPr><w:b/></w:rPr>'
        elif piece.startswith('{+'):
            piece = piece[2:-2]
            mark, close = '<w:ins w:id="1" w:author="x" w:date="2025-01-01T00:00:00Z">', '</w:ins>'
        elif piece.startswith('{-'):
            piece, tag = piece[2:-2], 'delText'
            mark, close = '<w:del w:id="2" w:author="x" w:date="2025-01-01T00:00:00Z">', '</w:del>'
        elif piece.startswith('{box'):
            box = f'<w:txbxContent><w:p>{runs(piece[5:-1])}</w:p></w:txbxContent>'
            out.append('<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent cx="2000000" cy="300000"/>'
                       '<wp:docPr id="1" name="box"/><a:graphic><a:graphicData uri="' + WPS + '"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr/><wps:txbx>' + box +
                       '</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>' + box +
                       '</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>')
            continue
        out.append(f'{mark}<w:r>{prop}<w:{tag} xml:space="preserve">{escape(piece)}</w:{tag}></w:r>{close}')
    return ''.join(out)


def paragraphs(text):
    return ''.join(f'<w:p>{runs(line)}</w:p>' for line in text.split('\\n'))


def docx_table(rows):
    width = max(len(cells) for _, cells in rows)
    out = ['<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>', '<w:gridCol w:w="1500"/>' * width, '</w:tblGrid>']
    for r, (_, cells) in enumerate(rows):
        out.append('<w:tr>')
        for c, cell in enumerate(cells):
            if cell == '<':
                continue
            span = 1
            while c + span < len(cells) and cells[c + span] == '<':
                span += 1
            below = rows[r + 1][1] if r + 1 < len(rows) else []
            prop = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ''
            if cell == '^':
                prop += '<w:vMerge/>'
                cell = ''
            elif c < len(below) and below[c] == '^':
                prop += '<w:vMerge w:val="restart"/>'
            nested = re.match(r'(.*)\{tab (.*)\}$', cell)
            if nested:
                inner = docx_table([(False, row.split(';')) for row in nested[2].split('/')])
                body = paragraphs(nested[1]) + inner + '<w:p/>'
            else:
                body = paragraphs(cell.lstrip("'"))
            out.append(f'<w:tc><w:tcPr><w:tcW w:w="{1500 * span}" w:type="dxa"/>{prop}</w:tcPr>{body}</w:tc>')
        out.append('</w:tr>')
    return ''.join(out) + '</w:tbl>'


def docx(text):
    body = ''.join(docx_table(b) if isinstance(b, list) else paragraphs(b) for b in blocks_of(text))
    document = (XML + f'<w:document xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
                f'xmlns:wps="{WPS}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
                'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml">'
                f'<w:body>{body}<w:p/></w:body></w:document>')
    return package([('word/document.xml', document)], [('word/document.xml', 'wordprocessingml.document.main')], 'word/document.xml')


# ---- xlsx

def column(n):
    return chr(65 + n)


def xlsx_cell(ref, text, strings):
    if not text:
        return ''
    formula = re.match(r'\{=(.*?)\}(.*)$', text)
    if formula:
        return f'<c r="{ref}"><f>{escape(formula[1])}</f><v>{escape(formula[2])}</v></c>'
    for mark, style in (('{%}', 1), ('{d}', 2)):
        if text.startswith(mark):
            return f'<c r="{ref}" s="{style}"><v>{text[len(mark):]}</v></c>'
    if re.fullmatch(r'-?\d+(\.\d+)?', text):
        return f'<c r="{ref}"><v>{text}</v></c>'
    text = text.lstrip("'").replace('\\n', '\n')
    pieces = [p for p in re.split(r'(\*\*.+?\*\*)', text) if p]
    if len(pieces) == 1 and not pieces[0].startswith('**'):
        value = f'<t xml:space="preserve">{escape(text)}</t>'
    else:
        value = ''.join('<r>' + ('<rPr><b/></rPr>' if p.startswith('**') else '') +
                        f'<t xml:space="preserve">{escape(p.strip("*"))}</t></r>' for p in pieces)
    if strings is None:
        return f'<c r="{ref}" t="inlineStr"><is>{value}</is></c>'
    if value not in strings:
        strings.append(value)
    return f'<c r="{ref}" t="s"><v>{strings.index(value)}</v></c>'


def xlsx_sheet(rows, strings):
    data, owner, merges = [], {}, {}
    for r, (hidden, cells) in enumerate(rows):
        out = []
        for c, cell in enumerate(cells):
            if cell in ('<', '^'):
                o = owner.get((r, c - 1) if cell == '<' else (r - 1, c), (r, c))
                owner[r, c] = o
                last = merges.get(o, o)
                merges[o] = (max(last[0], r), max(last[1], c))
            else:
                owner[r, c] = (r, c)
                out.append(xlsx_cell(f'{column(c)}{r + 1}', cell, strings))
        data.append(f'<row r="{r + 1}"{" hidden=" + chr(34) + "1" + chr(34) if hidden else ""}>{"".join(out)}</row>')
    joined = ''.join(f'<mergeCell ref="{column(a[1])}{a[0] + 1}:{column(b[1])}{b[0] + 1}"/>' for a, b in merges.items())
    joined = f'<mergeCells count="{len(merges)}">{joined}</mergeCells>' if merges else ''
    return XML + f'<worksheet xmlns="{S}"><sheetData>{"".join(data)}</sheetData>{joined}</worksheet>'


def xlsx(text, shared):
    sheets = []
    for line in text.splitlines():
        head = re.match(r'# (hidden )?sheet (.+)', line)
        if head:
            sheets.append((head[2], bool(head[1]), []))
            continue
        if not sheets:
            if not line.strip():
                continue
            sheets.append(('Sheet1', False, []))
        rows = sheets[-1][2]
        if line.startswith(('|', '~|')):
            rows.append((line[0] == '~', cells_of(line)))
        elif line.strip():
            rows.append((False, [line]))
    strings = [] if shared else None
    parts, types, book, rels = [], [('xl/workbook.xml', 'spreadsheetml.sheet.main'), ('xl/styles.xml', 'spreadsheetml.styles')], '', ''
    for n, (name, hidden, rows) in enumerate(sheets, 1):
        parts.append((f'xl/worksheets/sheet{n}.xml', xlsx_sheet(rows, strings)))
        types.append((f'xl/worksheets/sheet{n}.xml', 'spreadsheetml.worksheet'))
        book += f'<sheet name="{escape(name)}" sheetId="{n}"{" state=" + chr(34) + "hidden" + chr(34) if hidden else ""} r:id="rId{n}"/>'
        rels += f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
    rels += f'<Relationship Id="rId90" Type="{OFFICE}/styles" Target="styles.xml"/>'
    styles = (f'<styleSheet xmlns="{S}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
              '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" xfId="0"/>'
              '<xf numFmtId="9" xfId="0" applyNumberFormat="1"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>')
    if shared:
        parts.append(('xl/sharedStrings.xml', XML + f'<sst xmlns="{S}" count="{len(strings)}" uniqueCount="{len(strings)}">' +
                      ''.join(f'<si>{s}</si>' for s in strings) + '</sst>'))
        types.append(('xl/sharedStrings.xml', 'spreadsheetml.sharedStrings'))
        rels += f'<Relationship Id="rId91" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = [('xl/workbook.xml', XML + f'<workbook xmlns="{S}" xmlns:r="{OFFICE}"><sheets>{book}</sheets></workbook>'),
             ('xl/_rels/workbook.xml.rels', XML + f'<Relationships xmlns="{PACKAGE}relationships">{rels}</Relationships>'),
             ('xl/styles.xml', XML + styles)] + parts
    return package(parts, types, 'xl/workbook.xml')


def build(folder):
    """(file name, bytes) of a folder's built notice, or None when it has no source.txt."""
    source = folder / 'source.txt'
    if not source.exists():
        return None
    form, _, text = source.read_text(encoding='utf-8').partition('\n')
    words = form.split()
    return (f'notice.{words[0]}', docx(text) if words[0] == 'docx' else xlsx(text, 'shared' in words))


# ---- check

KINDS = {'count', 'coverage', 'level', 'frequency', 'event', 'qualitative', 'service'}
COMPARATORS = {'at_least', 'at_most', 'more_than', 'less_than', 'done', 'all', ''}
ABOUT = {'total', 'count', 'amount', 'unit_name', 'lead', 'target', 'deadline', 'column', 'digits', 'parts', 'structure'}
TASK = ['group', 'project', 'task', 'name', 'amount_yuan', 'leads', 'assists', 'targets', 'steps']
TARGET = ['kind', 'comparator', 'value', 'unit', 'indicator', 'stage', 'part_of', 'stretch', 'baseline', 'due_on', 'approximate']


def decimal(text):
    return isinstance(text, str) and (text == '' or bool(re.fullmatch(r'\d+(\.\d+)?', text)) and (
        '.' not in text or not text.endswith('0')))


def date(text):
    return text == '' or bool(datetime.date.fromisoformat(text))


def check_case(folder):
    def need(ok, what):
        if not ok:
            raise ValueError(what)
    e = json.loads((folder / 'expected.json').read_text(encoding='utf-8'))
    need(list(e) == ['variations', 'hard', 'options', 'year', 'tasks', 'doubts'], 'keys of the case')
    need(e['variations'] and all(1 <= v <= 42 for v in e['variations']), 'variations')
    need(set(e['options']) <= {'year', 'money_unit'} and e['hard'] and isinstance(e['year'], int), 'options, hard, year')
    need(len([p for p in folder.iterdir() if p.stem == 'notice']) == 1, 'one notice')
    names = set()
    for t in e['tasks']:
        name = f"{t['group']}/{t['project']}/{t['task']}"
        need(list(t) == TASK, f'keys of {name}')
        need(name not in names, f'{name} twice')
        names.add(name)
        need(t['amount_yuan'] is None or decimal(t['amount_yuan']) and t['amount_yuan'], f'amount of {name}')
        need(t['name'] and all(u and u == u.strip() for u in t['leads'] + t['assists']), f'names in {name}')
        for n, g in enumerate(t['targets'], 1):
            need(list(g) == TARGET, f'keys of target {n} of {name}')
            need(g['kind'] in KINDS and g['comparator'] in COMPARATORS and g['stage'] in ('finish', 'start', ''), f'words of {name} target {n}')
            need(all(decimal(g[k]) for k in ('value', 'stretch', 'baseline')) and date(g['due_on']), f'figures of {name} target {n}')
            need(g['indicator'] and isinstance(g['approximate'], bool), f'indicator of {name} target {n}')
            need(0 <= g['part_of'] <= len(t['targets']) and g['part_of'] != n, f'part_of in {name} target {n}')
            bound = g['comparator'] in ('at_least', 'at_most', 'more_than', 'less_than')
            need(bound == bool(g['value']), f'value and comparator of {name} target {n}')
            need(g['comparator'] != '' or g['kind'] in ('qualitative', 'service'), f'comparator of {name} target {n}')
        for s in t['steps']:
            need(list(s) == ['due_on', 'stage', 'value', 'unit'] and s['due_on'] and date(s['due_on']) and decimal(s['value'])
                 and s['stage'] in ('start', 'finish'), f'step of {name}')
    for d in e['doubts']:
        need(list(d) == ['about', 'task', 'why'] and d['about'] in ABOUT and d['why'], 'doubt')
        need(d['task'] == '' or d['task'] in names, f"doubt about {d['task']}")
    built = build(folder)
    if built:
        old = zipfile.ZipFile(folder / built[0])
        new = zipfile.ZipFile(io.BytesIO(built[1]))
        need(old.namelist() == new.namelist() and all(old.read(n) == new.read(n) for n in new.namelist()), 'the notice is not current')
    return e['variations']


def main():
    bad, seen, forms = 0, set(), {}
    for folder in sorted((HERE / 'cases').iterdir()):
        if '--check' not in sys.argv:
            built = build(folder)
            if built:
                (folder / built[0]).write_bytes(built[1])
            continue
        try:
            seen |= set(check_case(folder))
            form = next(p.suffix for p in folder.iterdir() if p.stem == 'notice')
            forms[form] = forms.get(form, 0) + 1
        except (ValueError, KeyError, OSError) as error:
            bad += 1
            print(f'{folder.name}: {error}')
    if '--check' in sys.argv:
        missing = sorted(set(range(1, 43)) - seen)
        print('cases:', forms, 'in all', sum(forms.values()), '| bad:', bad, '| variations without a case:', missing)
        sys.exit(1 if bad or missing else 0)


main()
