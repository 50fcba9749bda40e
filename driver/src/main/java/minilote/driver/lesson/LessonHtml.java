package minilote.driver.lesson;

import java.util.List;
import java.util.Set;
import minilote.driver.report.LessonPage;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.HtmlWriter;

/** A lesson's text as HTML, with its tables and drawings. */
public final class LessonHtml {
  private LessonHtml() {}

  /**
   * The text with what was found.
   *
   * @param program what the user calls the program by
   */
  public static String of(LessonText text, Findings findings, String program) {
    return HtmlRenderer.builder()
        .escapeHtml(true)
        .nodeRendererFactory(context -> new Paragraphs(context, findings))
        .build()
        .render(text.with(findings, program));
  }

  private record Paragraphs(HtmlNodeRendererContext context, Findings findings)
      implements NodeRenderer {
    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Paragraph.class);
    }

    @Override
    public void render(Node node) {
      List<LessonBlocks.Block> blocks = LessonBlocks.of((Paragraph) node);
      HtmlWriter html = context.getWriter();
      if (blocks.isEmpty()) {
        boolean tight =
            node.getParent() != null
                && node.getParent().getParent() instanceof ListBlock list
                && list.isTight();
        if (!tight) {
          html.tag("p");
        }
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
          context.render(child);
        }
        if (!tight) {
          html.tag("/p");
          html.line();
        }
        return;
      }
      boolean drawn = false;
      for (LessonBlocks.Block block : blocks) {
        if (findings.isDrawn(block.name())) {
          html.raw(drawn ? "" : "<div class=\"charts\">\n");
          html.raw(LessonPage.figure(block.caption(), findings.drawing(block.name())));
          drawn = true;
        }
      }
      html.raw(drawn ? "</div>\n" : "");
      for (LessonBlocks.Block block : blocks) {
        LessonTable table = findings.table(block.name());
        if (table != null) {
          table(html, block.caption(), table);
        } else if (!findings.isDrawn(block.name())) {
          throw new IllegalStateException("the lesson found no " + block.name());
        }
      }
    }

    private static void table(HtmlWriter html, String caption, LessonTable table) {
      html.raw("<div class=\"wide\"><table class=\"numbers\"><caption>");
      html.text(caption);
      html.raw("</caption>\n<thead><tr>");
      for (String column : table.columns()) {
        html.raw("<th scope=\"col\">");
        html.text(column);
        html.raw("</th>");
      }
      html.raw("</tr></thead>\n<tbody>\n");
      for (List<String> row : table.rows()) {
        html.raw("<tr>");
        for (int i = 0; i < row.size(); i++) {
          html.raw(i == 0 ? "<th scope=\"row\">" : "<td>");
          html.text(row.get(i));
          html.raw(i == 0 ? "</th>" : "</td>");
        }
        html.raw("</tr>\n");
      }
      html.raw("</tbody></table></div>\n");
    }
  }
}
