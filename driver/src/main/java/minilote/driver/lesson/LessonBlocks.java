package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Code;
import org.commonmark.node.Image;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/** Paragraphs of a lesson's text that stand for tables and drawings. */
public final class LessonBlocks {
  private LessonBlocks() {}

  /**
   * A table or drawing in its place.
   *
   * @param caption what the text says of it
   * @param name among the findings
   */
  public record Block(String caption, String name) {}

  /** What the paragraph stands for; empty where it is words. */
  public static List<Block> of(Paragraph paragraph) {
    List<Block> blocks = new ArrayList<>();
    for (Node node = paragraph.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Image image) {
        blocks.add(new Block(text(image), image.getDestination()));
      } else if (!(node instanceof SoftLineBreak)) {
        return List.of();
      }
    }
    return blocks;
  }

  /** The words within a node. */
  public static String text(Node node) {
    StringBuilder words = new StringBuilder();
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      if (child instanceof Text text) {
        words.append(text.getLiteral());
      } else if (child instanceof Code code) {
        words.append(code.getLiteral());
      } else if (child instanceof SoftLineBreak) {
        words.append(' ');
      } else {
        words.append(text(child));
      }
    }
    return words.toString();
  }
}
