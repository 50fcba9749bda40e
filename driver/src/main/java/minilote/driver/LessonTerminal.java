package minilote.driver;

import java.util.List;
import minilote.driver.lesson.Findings;
import minilote.driver.lesson.LessonBlocks;
import minilote.driver.lesson.LessonTable;
import minilote.driver.lesson.LessonText;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Paragraph;

/**
 * A lesson's text for a terminal: wrapped, with its tables; where a drawing would be, its title.
 */
final class LessonTerminal extends AbstractVisitor {
  private static final int WIDTH = Terminal.WIDTH - 1;
  private static final String INDENT = "  ";
  private static final String BULLET = "- ";

  private final Findings findings;
  private final StringBuilder lines = new StringBuilder();
  private boolean inItem;

  private LessonTerminal(Findings findings) {
    this.findings = findings;
  }

  /** The lesson, without a line break at its end. */
  static String of(LessonText text, Findings findings) {
    LessonTerminal terminal = new LessonTerminal(findings);
    terminal.underlined(text.title(), "═");
    terminal.block(TextTable.wrap(text.summary(), WIDTH, ""));
    text.with(findings, Minilote.COMMAND).accept(terminal);
    return terminal.lines.toString().stripTrailing();
  }

  private void block(String block) {
    lines.append(block).append("\n\n");
  }

  private void underlined(String words, String line) {
    block(words + "\n" + line.repeat(words.codePointCount(0, words.length())));
  }

  @Override
  public void visit(Heading heading) {
    underlined(LessonBlocks.text(heading), "─");
  }

  @Override
  public void visit(Paragraph paragraph) {
    List<LessonBlocks.Block> blocks = LessonBlocks.of(paragraph);
    if (blocks.isEmpty()) {
      String words = LessonBlocks.text(paragraph);
      if (inItem) {
        lines.append(TextTable.wrap(BULLET + words, WIDTH, INDENT)).append('\n');
      } else {
        block(TextTable.wrap(words, WIDTH, ""));
      }
      return;
    }
    for (LessonBlocks.Block block : blocks) {
      LessonTable table = findings.table(block.name());
      if (table != null) {
        block(TextTable.wrap(block.caption(), WIDTH, "") + "\n\n" + table(table));
      } else {
        block(
            TextTable.wrap(
                "[ %s: %s ]".formatted(findings.drawing(block.name()).title(), block.caption()),
                WIDTH,
                INDENT));
      }
    }
  }

  private static String table(LessonTable table) {
    TextTable text = new TextTable("lr").row(table.columns());
    table.rows().forEach(text::row);
    return text.toString().indent(INDENT.length()).stripTrailing();
  }

  @Override
  public void visit(ListItem item) {
    inItem = true;
    visitChildren(item);
    inItem = false;
    if (item.getNext() == null) {
      lines.append('\n');
    }
  }

  @Override
  public void visit(FencedCodeBlock code) {
    block(code.getLiteral().indent(2 * INDENT.length()).stripTrailing());
  }

  @Override
  public void visit(IndentedCodeBlock code) {
    block(code.getLiteral().indent(2 * INDENT.length()).stripTrailing());
  }
}
